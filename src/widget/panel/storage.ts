/** Lasting text by key. Never throws: a browser that forbids storage gets one that lasts as long as the page. */
export type Storage = {
  read(key: string): string | undefined
  write(key: string, text: string): void
  remove(key: string): void
  keys(): string[]
}

export function createMemoryStorage(): Storage {
  const texts = new Map<string, string>()
  return {
    read: (key) => texts.get(key),
    write: (key, text) => void texts.set(key, text),
    remove: (key) => void texts.delete(key),
    keys: () => [...texts.keys()],
  }
}

/**
 * The browser's localStorage. `open` may throw (blocked third-party storage) and so may each call (private mode,
 * quota): what cannot be written there is kept in memory.
 */
export function createBrowserStorage(open: () => globalThis.Storage): Storage {
  const memory = createMemoryStorage()
  function attempt<Result>(action: (local: globalThis.Storage) => Result): Result | undefined {
    try {
      return action(open())
    } catch {
      return undefined
    }
  }
  return {
    read: (key) => memory.read(key) ?? attempt((local) => local.getItem(key)) ?? undefined,
    write(key, text) {
      memory.remove(key)
      const written = attempt((local) => (local.setItem(key, text), true))
      if (written !== true) memory.write(key, text)
    },
    remove(key) {
      memory.remove(key)
      attempt((local) => local.removeItem(key))
    },
    keys: () => [...new Set([...(attempt((local) => Object.keys(local)) ?? []), ...memory.keys()])],
  }
}
