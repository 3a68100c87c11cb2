/** Calls this long after the last key or pointer were made by the page itself. */
const FOREGROUND_MS = 30_000

/** No `scroll`: a new line scrolls by itself. */
const SIGNS = ['keydown', 'pointerdown', 'wheel', 'touchmove'] as const

// Opening the page is a sign of life.
let lastSignAt = Date.now()

/**
 * Says whether nobody has touched the console of late: calls made then, like refetches and presence, must not keep the
 * log-in from running out.
 */
export function isBackground(): boolean {
  return Date.now() - lastSignAt > FOREGROUND_MS
}

/** Watches for signs of life until the returned function is called; `tell` is called now and then while there are some. */
export function watchActivity(tell: () => void): () => void {
  const note = (): void => {
    lastSignAt = Date.now()
  }
  const options = { capture: true, passive: true }
  for (const sign of SIGNS) addEventListener(sign, note, options)
  const timer = setInterval(() => {
    if (!isBackground()) tell()
  }, FOREGROUND_MS)
  return () => {
    for (const sign of SIGNS) removeEventListener(sign, note, options)
    clearInterval(timer)
  }
}
