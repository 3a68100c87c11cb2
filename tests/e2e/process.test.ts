import { spawn } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, describe, expect, it } from 'vitest'

import { systemClock } from '../../src/app/ids.ts'
import { openLowdbStore } from '../../src/store/lowdb/open.ts'
import { FakeSlack } from '../fixtures/slack/fake-slack.ts'
import { SIGNING_SECRET, SlackPusher, TEAM } from '../fixtures/slack/slack-pusher.ts'
import { WidgetClient } from '../fixtures/widget-client.ts'
import { ended, Processes, ROOT, type Started } from './processes.ts'

const root = mkdtempSync(join(tmpdir(), 'posdesk-process-'))
const processes = new Processes()

afterEach(() => {
  processes.killAll()
})
afterAll(() => rmSync(root, { recursive: true, force: true }))

describe('the server process', () => {
  it('answers every request in work when it is told to stop, exits 0 and keeps them', async () => {
    const folder = join(root, 'stop')
    const before = await processes.start(folder)
    const merchants = await Promise.all(Array.from({ length: 8 }, () => WidgetClient.open(before.url)))
    const acked = new Map<WidgetClient, string[]>(merchants.map((merchant) => [merchant, []]))
    let isStopping = false
    const talks = merchants.map(async (merchant) => {
      for (let n = 0; !isStopping; n++) {
        // A refused connection is no answer; an accepted request must be answered.
        const answer = await merchant
          .post({ clientMsgId: `m${n}`, text: `第${n}句话` })
          .catch(() => undefined)
        if (answer === undefined) return
        if (answer.status === 200) acked.get(merchant)?.push(`第${n}句话`)
        else expect([429, 503]).toContain(answer.status)
      }
    })
    await expect
      .poll(() => [...acked.values()].every(({ length }) => length > 0), { timeout: 20_000 })
      .toBe(true)
    before.child.kill('SIGTERM')
    expect(await ended(before.child)).toBe(0)
    isStopping = true
    await Promise.all(talks)

    const after = await processes.start(folder)
    for (const [merchant, said] of acked) {
      expect(said.length).toBeGreaterThan(0)
      const { messages } = await merchant.movedTo(after.url).read()
      const stored = messages.filter(({ author }) => author === 'merchant').map(({ text }) => text)
      expect(stored.slice(0, said.length)).toEqual(said)
      expect(new Set(stored).size).toBe(stored.length)
    }
  })

  describe('with a line on its way to Slack', () => {
    const address = { channel: 'slack', merchantKey: `${TEAM}:D123` } as const

    /** Starts a server whose Slack takes each message at once and answers a second later; waits for the first. */
    async function startSending(folder: string, fake: FakeSlack): Promise<Started> {
      const secrets = { SLACK_SIGNING_SECRET: SIGNING_SECRET, SLACK_BOT_TOKEN: 'xoxb-test' }
      const started = await processes.start(folder, { ...secrets, SLACK_API_BASE: fake.url })
      fake.decide = () => ({ kind: 'slow', ms: 1_000 })
      expect((await new SlackPusher(started.url).say('给我转人工')).status).toBe(200)
      await expect.poll(() => fake.posted.length, { timeout: 5_000, interval: 10 }).toBe(1)
      return started
    }

    async function states(folder: string): Promise<readonly string[]> {
      const store = await openLowdbStore(folder, { clock: systemClock })
      const talk = await store.findCurrent(address)
      await store.close()
      return (talk?.outbox ?? []).map(({ state }) => state)
    }

    it('waits for it when told to stop, and writes down that it arrived', async () => {
      const [folder, fake] = [join(root, 'slack-stop'), await FakeSlack.start()]
      const { child } = await startSending(folder, fake)
      child.kill('SIGTERM')
      expect(await ended(child)).toBe(0)
      expect(await states(folder)).toEqual(['sent', 'queued'])
      expect(fake.posted).toHaveLength(1)
      await fake.stop()
    })

    it('never sends it again after kill -9, and goes on with the next', async () => {
      const [folder, fake] = [join(root, 'slack-kill'), await FakeSlack.start()]
      const { child } = await startSending(folder, fake)
      child.kill('SIGKILL')
      await ended(child)
      expect(await states(folder)).toEqual(['sending', 'queued'])
      fake.decide = undefined
      const secrets = { SLACK_SIGNING_SECRET: SIGNING_SECRET, SLACK_BOT_TOKEN: 'xoxb-test' }
      const after = await processes.start(folder, { ...secrets, SLACK_API_BASE: fake.url })
      await expect.poll(() => fake.posted.length, { timeout: 10_000 }).toBe(2)
      after.child.kill('SIGTERM')
      expect(await ended(after.child)).toBe(0)
      expect(await states(folder)).toEqual(['unknown', 'sent'])
      expect(new Set(fake.texts()).size).toBe(2)
      await fake.stop()
    })
  })

  it('shows the first log-in once, and never again', async () => {
    const folder = join(root, 'admin')
    const first = await processes.start(folder)
    expect(first.output.join('\n')).toMatch(
      /first log-in \(shown only this once\): admin@posdesk\.local {2}[0-9a-f]{24}/u,
    )
    first.child.kill('SIGTERM')
    await ended(first.child)
    expect((await processes.start(folder)).output.join('\n')).not.toContain('first log-in')
  })

  it('refuses a folder that another process holds, with one clear line', async () => {
    const folder = join(root, 'held')
    const { child } = await processes.start(folder)
    const { child: second, output } = processes.launch(folder, {})
    expect(await ended(second)).toBe(1)
    expect(output).toHaveLength(1)
    expect(output[0]).toMatch(new RegExp(`^posdesk cannot start: .*${child.pid ?? 0}`, 'u'))
  })

  it.each([
    [{ PORT: 'many' }, 'PORT'],
    [{ HOST: '0.0.0.0' }, 'HOST'],
    [{ LOG_LEVEL: 'loud' }, 'LOG_LEVEL'],
    [{ WECHAT_APP_ID: 'wx1' }, 'WECHAT'],
    [{ DATABASE_URL: 'postgres://db' }, 'DATABASE_URL'],
    [{ POSDESK_ALLOWED_ORIGINS: '*' }, 'POSDESK_ALLOWED_ORIGINS'],
    [{ POSDESK_ADMIN_PASSWORD: 'short' }, 'POSDESK_ADMIN_PASSWORD'],
  ])('refuses the setting %j with one clear line', async (env, name) => {
    const { child, output } = processes.launch(join(root, 'never'), env)
    expect(await ended(child)).toBe(1)
    expect(output.join('\n')).toContain(name)
    expect(output.join('\n')).not.toContain('    at ')
  })

  it('refuses content with a problem, naming file, line and what to do', async () => {
    const copy = join(root, 'copy')
    for (const name of ['dist', 'intents', 'flows', 'data', 'package.json']) {
      cpSync(join(ROOT, name), join(copy, name), {
        recursive: true,
        filter: (path) => !path.startsWith(join(ROOT, 'data/store')),
      })
    }
    const { readFileSync, symlinkSync, writeFileSync } = await import('node:fs')
    symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'))
    const file = join(copy, 'flows/card_fault.yaml')
    writeFileSync(file, readFileSync(file, 'utf8').replace('go: CF1b', 'go: CF1x'))
    const child = spawn(process.execPath, [join(copy, 'dist/main.js')], {
      env: { PATH: process.env['PATH'] ?? '', PORT: '0', POSDESK_DATA_DIR: join(root, 'copied') },
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    processes.add(child)
    let output = ''
    child.stderr.on('data', (chunk) => (output += String(chunk)))
    expect(await ended(child)).toBe(1)
    expect(output).toMatch(
      /flows\/card_fault\.yaml:\d+:\d+ unknown-id "CF1x" does not exist\. Did you mean "CF1b?"\?/u,
    )
  })
})
