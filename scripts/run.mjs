// Runs one of posdesk's programs from built JavaScript, building first what is missing or older than its sources.
import { pathToFileURL } from 'node:url'
import { join } from 'node:path'
import { build, dist, isFresh } from './build.mjs'

const [program = 'main', ...args] = process.argv.slice(2)
if (!isFresh()) {
  const started = Date.now()
  await build()
  const took = Date.now() - started
  if (took > 1000) process.stderr.write(`built in ${(took / 1000).toFixed(1)} s\n`)
}
// `… | head` closes the pipe early: that is no error of ours.
process.stdout.on('error', (error) => {
  if (error.code === 'EPIPE') process.exit(0)
  throw error
})
const { run } = await import(pathToFileURL(join(dist, `${program}.js`)).href)
// The server runs by being imported; every other program exports `run`.
if (run !== undefined) {
  process.exitCode = await run(args).catch((error) => {
    process.stderr.write(
      `${program}: ${error?.code === undefined ? (error?.stack ?? error) : error.message}\n`,
    )
    return 2
  })
}
