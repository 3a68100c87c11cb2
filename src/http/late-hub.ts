import type { MessageHub } from '../app/message-hub.ts'
import { AppError } from '../core/errors.ts'

/** The hub, which loads while the port already listens. */
export class LateHub {
  readonly #load: () => Promise<MessageHub>
  readonly #loading: Promise<MessageHub>
  #begin: (hub: Promise<MessageHub>) => void = () => {}
  #isLoaded = false

  constructor(load: () => Promise<MessageHub>) {
    this.#load = load
    this.#loading = new Promise((resolve) => {
      this.#begin = resolve
    })
    // Whoever waits is told; nobody waiting is no reason to end the process.
    this.#loading.catch(() => {})
  }

  get isLoaded(): boolean {
    return this.#isLoaded
  }

  async load(): Promise<void> {
    this.#begin(this.#load())
    await this.#loading
    this.#isLoaded = true
  }

  async get(): Promise<MessageHub> {
    try {
      return await this.#loading
    } catch (error) {
      throw new AppError('unavailable', 'the server could not start fully', { cause: error })
    }
  }
}
