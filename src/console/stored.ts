/** A value of the browser's storage; undefined where there is none or the storage is closed to us. */
export function readStored(key: string): string | undefined {
  try {
    return localStorage.getItem(key) ?? undefined
  } catch {
    return undefined
  }
}

/** Keeps a value, or removes it when it is empty. A full or closed storage is no reason to fail. */
export function writeStored(key: string, value: string): void {
  try {
    if (value === '') localStorage.removeItem(key)
    else localStorage.setItem(key, value)
  } catch {
    // Private windows refuse: the value then lives as long as the page.
  }
}
