import { readFile } from './api.ts'

/** Reads a file from the server and gives it to the browser to save. */
export async function saveFile(path: string, name: string): Promise<void> {
  const url = URL.createObjectURL(await readFile(path))
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  // The browser has begun to read it by then; without this the file would stay in memory.
  setTimeout(() => {
    URL.revokeObjectURL(url)
  }, 60_000)
}
