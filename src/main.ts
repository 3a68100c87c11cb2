import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'

import { createIds, systemClock } from './app/ids.ts'
import { loadConfig } from './config.ts'
import { loadProject } from './content/load-project.ts'
import { projectContent, projectRoot } from './content/project.ts'
import { AppError } from './core/errors.ts'
import { createLog } from './log.ts'
import { assemble } from './server-app.ts'
import { openLowdbStore } from './store/lowdb/open.ts'

const STOP_GRACE_MS = 8000

process.exitCode = await run()

/** Serves until it is told to stop. Resolves to the exit code. */
async function run(): Promise<number> {
  try {
    return await serve()
  } catch (error) {
    if (!(error instanceof AppError) || error.code === 'internal') throw error
    process.stderr.write(`posdesk cannot start: ${error.message}\n`)
    return 1
  }
}

async function serve(): Promise<number> {
  const config = loadConfig(process.env)
  const log = createLog(config.logLevel)
  const content = loadProject(projectContent(), (lines) => {
    process.stderr.write(`training the classifier on ${lines} utterances …\n`)
  })
  const store = await openLowdbStore(resolve(projectRoot, config.dataDir), {
    clock: systemClock,
    onProgress: (message) => process.stderr.write(`${message}\n`),
  })
  try {
    const version = versionOfProject()
    const app = await assemble({ config, content, store, clock: systemClock, ids: createIds(), log, version })
    const stop = stopSignal()
    const { url, ready } = await app.server.listen()
    process.stdout.write(welcome(url, app.firstAdmin))
    await ready
    log.info('server.started', { url })
    const stopWork = app.startWork()
    await stop
    log.info('server.stopping')
    await stopWork()
    await app.server.close(STOP_GRACE_MS)
  } finally {
    await store.close()
  }
  return 0
}

function welcome(
  url: string,
  admin: { readonly email: string; readonly password: string } | undefined,
): string {
  const lines = [
    `posdesk is ready`,
    `  chat page  ${url}/chat`,
    `  demo shop  ${url}/`,
    `  console    ${url}/console`,
    `  health     ${url}/readyz`,
  ]
  if (admin !== undefined) {
    lines.push(`  first log-in (shown only this once): ${admin.email}  ${admin.password}`)
  }
  return `${lines.join('\n')}\n`
}

function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => resolve())
  })
}

function versionOfProject(): string {
  const text = readFileSync(join(projectRoot, 'package.json'), 'utf8')
  return /"version":\s*"([^"]+)"/u.exec(text)?.[1] ?? '0.0.0'
}
