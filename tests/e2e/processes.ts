import { type ChildProcess, spawn } from 'node:child_process'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'

export const ROOT = resolve(import.meta.dirname, '../..')

export type Started = {
  readonly child: ChildProcess
  readonly url: string
  readonly output: readonly string[]
}

/** Servers that a test starts as an operator does, from the build. */
export class Processes {
  readonly #running: ChildProcess[] = []

  /** Starts a server and waits for its welcome. Its clock may be ahead, as after a time in which nothing ran. */
  async start(folder: string, env: Record<string, string> = {}, aheadMs = 0): Promise<Started> {
    const { child, output } = this.launch(folder, env, aheadMs)
    const url = await new Promise<string>((found, failed) => {
      createInterface({ input: child.stdout ?? process.stdin }).on('line', (line) => {
        output.push(line)
        const address = /health\s+(http\S+)\/readyz/u.exec(line)?.[1]
        if (address !== undefined) found(address)
      })
      child.once('exit', (code) => failed(new Error(`ended with ${code}: ${output.join('\n')}`)))
    })
    while ((await fetch(`${url}/readyz`)).status !== 200) await new Promise((wait) => setTimeout(wait, 20))
    return { child, url, output }
  }

  launch(
    folder: string,
    env: Record<string, string>,
    aheadMs = 0,
  ): { child: ChildProcess; output: string[] } {
    const ahead = `const real = Date.now.bind(Date); Date.now = () => real() + ${aheadMs}`
    const clock = aheadMs === 0 ? [] : ['--import', `data:text/javascript,${encodeURIComponent(ahead)}`]
    const child = spawn(process.execPath, [...clock, join(ROOT, 'dist/main.js')], {
      env: { PATH: process.env['PATH'] ?? '', PORT: '0', POSDESK_DATA_DIR: folder, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const output: string[] = []
    createInterface({ input: child.stderr ?? process.stdin }).on('line', (line) => output.push(line))
    this.add(child)
    return { child, output }
  }

  /** Takes in a process that was started otherwise. */
  add(child: ChildProcess): void {
    this.#running.push(child)
  }

  killAll(): void {
    for (const child of this.#running.splice(0)) child.kill('SIGKILL')
  }
}

/** The exit code of a process, once it has ended. */
export function ended(child: ChildProcess): Promise<number | null> {
  return child.exitCode === null
    ? new Promise((exit) => child.once('close', exit))
    : Promise.resolve(child.exitCode)
}
