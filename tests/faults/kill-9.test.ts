import { spawn } from 'node:child_process'
import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { build } from 'esbuild'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { systemClock } from '../../src/app/ids.ts'
import { openLowdbStore } from '../../src/store/lowdb/open.ts'
import { shop } from '../contracts/shop-talk.ts'
import { scratchFolder } from './scratch-folder.ts'

const ROUNDS = Number(process.env['POSDESK_FAULT_ROUNDS'] ?? 10)
const MERCHANTS = 8
/** A child is killed after this many acknowledgements; each round another number, the same in every run. */
const killAfter = (round: number): number => 1 + ((round * 7919) % 97)

type Acked = { readonly merchant: number; readonly seq: number; readonly key: string }

describe('a store whose process is killed while it writes', () => {
  const root = scratchFolder('posdesk-kill-')
  // Beside the project's packages, which the child imports.
  const script = join(import.meta.dirname, '../../node_modules/.cache/posdesk-kill-9-child.mjs')
  const folder = join(root, 'store')

  beforeAll(async () => {
    mkdirSync(folder)
    await build({
      entryPoints: [join(import.meta.dirname, 'kill-9-child.ts')],
      outfile: script,
      bundle: true,
      packages: 'external',
      platform: 'node',
      format: 'esm',
      target: 'node20',
    })
  })
  afterAll(() => {
    rmSync(root, { recursive: true, force: true })
    rmSync(script, { force: true })
  })

  it(
    `loses nothing it acknowledged and doubles nothing, ${ROUNDS} times`,
    { timeout: 30 * 60_000 },
    async () => {
      const acked: Acked[] = []
      for (let round = 0; round < ROUNDS; round++) {
        acked.push(...(await runUntilKilled(script, folder, round)))
        const store = await openLowdbStore(folder, { clock: systemClock })
        for (let merchant = 0; merchant < MERCHANTS; merchant++) {
          const lines = await store.readLines(shop(merchant), 0, 100_000)
          expect(lines.map(({ seq }) => seq)).toEqual(lines.map((_, index) => index + 1))
          const said = lines.filter(({ author }) => author === 'merchant')
          const own = acked.filter((one) => one.merchant === merchant)
          const stored = new Map(said.map(({ seq, text }) => [seq, text]))
          for (const { seq, key } of own) expect(stored.get(seq)).toBe(key)
          // One message of each merchant and round may be stored whose answer died on the way.
          expect(said.length - own.length).toBeLessThanOrEqual(round + 1)
          expect(new Set(said.map(({ text }) => text)).size).toBe(said.length)
        }
        await store.close()
      }
      expect(acked.length).toBeGreaterThan(ROUNDS)
    },
  )
})

/** Runs a child on the folder, kills it without warning, and gives what it had acknowledged by then. */
async function runUntilKilled(script: string, folder: string, round: number): Promise<readonly Acked[]> {
  const child = spawn(process.execPath, [script, folder, String(round), String(MERCHANTS)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = new Promise((resolve) => child.once('close', resolve))
  const acked: Acked[] = []
  const lines = createInterface({ input: child.stdout })
  lines.on('line', (line) => {
    const [word, merchant = '', seq = '', key = ''] = line.split(' ')
    if (word !== 'acked') return
    acked.push({ merchant: Number(merchant), seq: Number(seq), key })
    if (acked.length === killAfter(round)) child.kill('SIGKILL')
  })
  await ended
  return acked
}
