import type { Neighbours } from '../../src/widget/panel/shared-stream.ts'

type Held = { readonly rob: () => void }
type Waiting = { readonly begin: () => void; readonly signal: AbortSignal | undefined }
type Ear = { readonly name: string; readonly hear: (message: unknown) => void }

const aborted = () => new DOMException('aborted', 'AbortError')

/** The locks and channels of one browser; every tab gets the same ones. A frozen tab says nothing and keeps its lock. */
export class FakeBrowser {
  readonly #held = new Map<string, Held>()
  readonly #waiting = new Map<string, Waiting[]>()
  readonly #ears = new Set<Ear>()

  openTab(): { readonly neighbours: Neighbours; freeze(): void } {
    let isFrozen = false
    const neighbours: Neighbours = {
      lock: (name, options, work) => this.#lock(name, options, work),
      openChannel: (name, onMessage) => {
        const ear = { name, hear: onMessage }
        this.#ears.add(ear)
        return {
          post: (message) => {
            if (isFrozen) return
            const others = [...this.#ears].filter((other) => other !== ear && other.name === name)
            for (const { hear } of others) queueMicrotask(() => hear(message))
          },
          close: () => void this.#ears.delete(ear),
        }
      },
    }
    return { neighbours, freeze: () => (isFrozen = true) }
  }

  #lock(
    name: string,
    { steal, signal }: { readonly steal?: boolean; readonly signal?: AbortSignal },
    work: () => Promise<void>,
  ): Promise<void> {
    return new Promise((resolve, reject) => {
      const begin = () => {
        const mine = { rob: () => reject(aborted()) }
        this.#held.set(name, mine)
        void work().then(() => {
          if (this.#held.get(name) !== mine) return
          this.#held.delete(name)
          resolve()
          this.#next(name)
        }, reject)
      }
      const queue = this.#waiting.get(name) ?? []
      this.#waiting.set(name, queue)
      if (steal === true) {
        this.#held.get(name)?.rob()
        return begin()
      }
      signal?.addEventListener('abort', () => {
        const index = queue.findIndex((waiting) => waiting.begin === begin)
        if (index < 0) return
        queue.splice(index, 1)
        reject(aborted())
      })
      queue.push({ begin, signal })
      if (!this.#held.has(name)) this.#next(name)
    })
  }

  #next(name: string): void {
    this.#waiting.get(name)?.shift()?.begin()
  }
}
