// Builds src/ into dist/: one bundle per program with shared chunks, and the browser's assets. Types are checked
// by `npm run check`, not here, so that a start costs no compiler.
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
export const dist = join(root, 'dist')
const stamp = join(dist, '.built')

/** True when dist/ is newer than every source it is made of. */
export function isFresh() {
  if (!existsSync(stamp)) return false
  const built = statSync(stamp).mtimeMs
  return ['src', 'scripts', 'package.json'].every((name) => newest(join(root, name)) < built)
}

/** Builds into a folder of its own and swaps it in, so that a program started meanwhile sees a whole build. */
export async function build() {
  const { build: bundle } = await import('esbuild')
  const { buildAssets } = await import('./build-assets.mjs')
  const fresh = join(root, `dist.${process.pid}`)
  const started = Date.now()
  rmSync(fresh, { recursive: true, force: true })
  mkdirSync(fresh)
  try {
    const cli = readdirSync(join(root, 'src/cli')).filter((name) => name.endsWith('.ts'))
    await bundle({
      entryPoints: [join(root, 'src/main.ts'), ...cli.map((name) => join(root, 'src/cli', name))],
      outbase: join(root, 'src'),
      outdir: fresh,
      bundle: true,
      splitting: true,
      format: 'esm',
      platform: 'node',
      target: 'node20',
      packages: 'external',
      sourcemap: true,
      logLevel: 'warning',
    })
    await buildAssets(join(fresh, 'assets'))
    writeFileSync(join(fresh, '.built'), '')
    const time = new Date(started)
    const { utimesSync } = await import('node:fs')
    utimesSync(join(fresh, '.built'), time, time)
    swapIn(fresh)
    const { run: train } = await import(pathToFileURL(join(dist, 'cli/train.js')).href)
    await train()
  } finally {
    rmSync(fresh, { recursive: true, force: true })
  }
}

function swapIn(fresh) {
  const old = join(root, `dist.old.${process.pid}`)
  if (existsSync(dist)) renameSync(dist, old)
  try {
    renameSync(fresh, dist)
  } catch (error) {
    // Another program built at the same moment and was first: its build is as good.
    if (!existsSync(dist)) throw error
  }
  rmSync(old, { recursive: true, force: true })
}

function newest(path) {
  const status = statSync(path)
  if (!status.isDirectory()) return status.mtimeMs
  return Math.max(status.mtimeMs, ...readdirSync(path).map((name) => newest(join(path, name))))
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) await build()
