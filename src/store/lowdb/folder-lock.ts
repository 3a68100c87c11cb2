import { randomBytes } from 'node:crypto'
import { readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs'
import { readdir, unlink, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { AppError } from '../../core/errors.ts'
import { errorCode } from './durable-fs.ts'

const CLAIM = /^lock-(\d+)-(\d+)-([0-9a-z]+)-([0-9a-f]{16})$/
const HEARTBEAT_MS = 1000
// A holder we cannot look at counts as dead after three missed heartbeats. Watching for a change, instead of
// comparing times, holds when the wall clock jumps.
const WATCH_MS = 3500
const WATCH_EVERY_MS = 100
const UNKNOWN = '0'

/** A process's claim to a folder. It is all in the name of an empty file, so it can never be half written. */
type Claim = {
  readonly name: string
  readonly pid: number
  /** When the process started, in clock ticks since the machine did: a later process with its number differs. */
  readonly started: string
  /** The kernel and the process namespace in which `pid` means something. */
  readonly world: string
  readonly token: string
}

const heldHere = new Set<string>()

/**
 * One process's hold on a folder.
 *
 * Each process first puts down its own claim and then looks at the others': of two that start together at
 * least one sees the other. Claims of dead processes are removed; names are unique, so a claim that is removed
 * late is never somebody else's.
 */
export class FolderLock {
  readonly #path: string
  readonly #token: string
  readonly #heart: NodeJS.Timeout
  #lost = false

  private constructor(dir: string, claim: Claim) {
    this.#path = join(dir, claim.name)
    this.#token = claim.token
    this.#heart = setInterval(() => void this.#beat(), HEARTBEAT_MS)
    this.#heart.unref()
  }

  /** Takes the folder. Rejects with `conflict`, naming process and folder, while another process holds it. */
  static async take(dir: string): Promise<FolderLock> {
    const claim = ownClaim()
    heldHere.add(claim.token)
    await writeFile(join(dir, claim.name), '', { flag: 'wx', mode: 0o600 })
    const lock = new FolderLock(dir, claim)
    try {
      for (const name of await readdir(dir)) {
        const other = parseClaim(name)
        if (other === undefined || other.token === claim.token) continue
        if (await isHeld(dir, other, claim)) throw inUse(dir, other)
        await unlink(join(dir, name)).catch(ignoreAbsent)
      }
    } catch (error) {
      await lock.release()
      throw error
    }
    return lock
  }

  /** Throws `unavailable` once another process has taken the folder because this one seemed dead. */
  check(): void {
    if (this.#lost) throw new AppError('unavailable', `${this.#path}: another process has taken the folder`)
  }

  async release(): Promise<void> {
    clearInterval(this.#heart)
    heldHere.delete(this.#token)
    await unlink(this.#path).catch(ignoreAbsent)
  }

  async #beat(): Promise<void> {
    try {
      const now = new Date()
      await utimes(this.#path, now, now)
    } catch (error) {
      if (errorCode(error) === 'ENOENT') this.#lost = true
    }
  }
}

function inUse(dir: string, holder: Claim): AppError {
  return new AppError(
    'conflict',
    `the data folder ${dir} is in use by process ${holder.pid}: stop that process or choose another folder`,
  )
}

async function isHeld(dir: string, other: Claim, own: Claim): Promise<boolean> {
  if (other.pid === process.pid && other.world === own.world && other.started === own.started) {
    return heldHere.has(other.token)
  }
  if (other.world === own.world && other.started !== UNKNOWN) return isRunning(other)
  return isBeating(join(dir, other.name))
}

async function isRunning(claim: Claim): Promise<boolean> {
  for (;;) {
    const found = processState(claim.pid)
    if (found === undefined || found.started !== claim.started) return false
    if (found.state !== 'Z' && found.state !== 'X') return true
    // Killed; the last system calls of its other threads may still be on their way to the disk.
    if (threadsOf(claim.pid) <= 1) return false
    await delay(WATCH_EVERY_MS)
  }
}

async function isBeating(path: string): Promise<boolean> {
  const first = modifiedMs(path)
  for (let waited = 0; waited < WATCH_MS; waited += WATCH_EVERY_MS) {
    await delay(WATCH_EVERY_MS)
    const now = modifiedMs(path)
    if (now === undefined) return false
    if (now !== first) return true
  }
  return false
}

function ownClaim(): Claim {
  const token = randomBytes(8).toString('hex')
  const started = processState(process.pid)?.started ?? UNKNOWN
  const world = ownWorld()
  return {
    name: `lock-${process.pid}-${started}-${world}-${token}`,
    pid: process.pid,
    started,
    world,
    token,
  }
}

function parseClaim(name: string): Claim | undefined {
  const [, pid, started, world, token] = CLAIM.exec(name) ?? []
  if (pid === undefined || started === undefined || world === undefined || token === undefined)
    return undefined
  return { name, pid: Number(pid), started, world, token }
}

function ownWorld(): string {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').replace(/[^0-9a-f]/g, '')
    const namespace = readlinkSync('/proc/self/ns/pid').replace(/\D/g, '')
    return `${boot}n${namespace}`
  } catch {
    return UNKNOWN
  }
}

function processState(pid: number): { state: string; started: string } | undefined {
  try {
    // The command's name comes second, in parentheses, and may contain anything.
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return { state: fields[0] ?? '', started: fields[19] ?? UNKNOWN }
  } catch {
    return undefined
  }
}

function threadsOf(pid: number): number {
  try {
    return readdirSync(`/proc/${pid}/task`).length
  } catch {
    return 0
  }
}

function modifiedMs(path: string): number | undefined {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs
}

function delay(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}

function ignoreAbsent(error: unknown): void {
  if (errorCode(error) !== 'ENOENT') throw error
}
