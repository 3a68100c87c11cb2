/** A wait that can be ended early. */
export type Nap = { sleep(ms: number): Promise<void>; wake(): void }

export function createNap(): Nap {
  let wake = () => {}
  return {
    sleep: (ms) =>
      new Promise((resolve) => {
        const timer = setTimeout(resolve, ms)
        wake = () => {
          clearTimeout(timer)
          resolve()
        }
      }),
    wake: () => wake(),
  }
}
