/**
 * The bytes of pictures that are not sent yet, by key, kept over a reload. Never throws: a browser without a database
 * keeps them as long as the page.
 */
export type PictureBox = {
  put(key: string, picture: Blob): void
  get(key: string): Promise<Blob | undefined>
  remove(key: string): void
  /** Forgets all others: what a page left behind that ended in between. */
  keepOnly(keys: readonly string[]): void
}

const DATABASE = 'posdesk'
const STORE = 'pictures'

export function createPictureBox(open: () => IDBFactory): PictureBox {
  const memory = new Map<string, Blob>()
  let opening: Promise<IDBDatabase | undefined> | undefined

  function database(): Promise<IDBDatabase | undefined> {
    opening ??= new Promise((resolve) => {
      try {
        const request = open().open(DATABASE, 1)
        request.onupgradeneeded = () => request.result.createObjectStore(STORE)
        request.onsuccess = () => resolve(request.result)
        request.onerror = () => resolve(undefined)
        request.onblocked = () => resolve(undefined)
      } catch {
        resolve(undefined)
      }
    })
    return opening
  }

  async function run<Value>(
    mode: IDBTransactionMode,
    ask: (store: IDBObjectStore) => IDBRequest<Value>,
  ): Promise<Value | undefined> {
    const db = await database()
    return new Promise((resolve) => {
      try {
        if (db === undefined) return resolve(undefined)
        const request = ask(db.transaction(STORE, mode).objectStore(STORE))
        request.onsuccess = () => resolve(request.result)
        request.onerror = () => resolve(undefined)
      } catch {
        resolve(undefined)
      }
    })
  }

  const remove = (key: string): void => {
    memory.delete(key)
    void run('readwrite', (store) => store.delete(key))
  }

  return {
    put(key, picture) {
      memory.set(key, picture)
      void run('readwrite', (store) => store.put(picture, key))
    },
    async get(key) {
      const kept = memory.get(key) ?? (await run<unknown>('readonly', (store) => store.get(key)))
      return kept instanceof Blob ? kept : undefined
    },
    remove,
    keepOnly(keys) {
      void run('readonly', (store) => store.getAllKeys()).then((found = []) => {
        for (const key of found) {
          if (typeof key === 'string' && !keys.includes(key) && !memory.has(key)) remove(key)
        }
      })
    },
  }
}
