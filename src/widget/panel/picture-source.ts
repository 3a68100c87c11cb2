import type { Api } from './api.ts'
import type { PictureBox } from './picture-box.ts'
import type { RowPicture } from './rows.ts'
import type { Session } from './session.ts'

/** Gives addresses that this page's `img` elements can show. */
export type PictureSource = {
  /** Undefined when the picture is not to be had now; the next call tries again. */
  urlOf(picture: Pick<RowPicture, 'key' | 'id'>): Promise<string | undefined>
}

type Deps = { readonly api: Api; readonly session: Session; readonly box: PictureBox }

const TRIES = 3
const LONGEST_WAIT_MS = 5_000

/** Pictures are fetched with the session's token, which an `img` cannot send, and shown from memory. */
export function createPictureSource({ api, session, box }: Deps): PictureSource {
  const known = new Map<string, Promise<string | undefined>>()

  async function fetched(id: string): Promise<Blob | undefined> {
    for (let tries = 1; ; tries += 1) {
      const { token } = await session.get()
      const answer = await api.readPicture(token, id)
      if (answer.kind === 'ok') return answer.value
      if (tries === TRIES || answer.kind === 'refused' || answer.kind === 'unauthorized') return undefined
      const waitMs = answer.kind === 'later' ? answer.afterMs : 1_000 * tries
      await new Promise((resolve) => setTimeout(resolve, Math.min(waitMs, LONGEST_WAIT_MS)))
    }
  }

  async function find({ key, id }: Pick<RowPicture, 'key' | 'id'>): Promise<string | undefined> {
    const own = key === undefined ? undefined : await box.get(key)
    const blob = own ?? (id === undefined ? undefined : await fetched(id))
    return blob === undefined ? undefined : URL.createObjectURL(blob)
  }

  return {
    async urlOf(picture) {
      const names = [picture.id, picture.key].filter((name) => name !== undefined)
      const finding = names.map((name) => known.get(name)).find((url) => url !== undefined) ?? find(picture)
      for (const name of names) known.set(name, finding)
      const url = await finding
      if (url === undefined) for (const name of names) known.delete(name)
      return url
    },
  }
}
