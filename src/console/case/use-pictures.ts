import { useState } from 'react'
import { upload } from '../api.ts'
import { useMe } from '../use-me.ts'
import { NewAttachment } from '../wire.ts'
import { errorText } from '../words/error-text.ts'
import { useWords } from '../words/words.ts'
import { useDraft } from './drafts.ts'
import { keepOwn } from './picture-url.ts'
import { ticketPath } from './use-case.ts'

export const MOST_PICTURES = 4

/** A picture on its way up; `error` is empty while it is. */
export type Pending = { readonly key: string; readonly url: string; readonly error: string }

/** The pictures of the answer being written: those in the draft are at the server and wait to be sent. */
export function usePictures(ticketId: string) {
  const words = useWords()
  const me = useMe()
  const [draft, update] = useDraft(me.id, ticketId)
  const [pending, setPending] = useState<readonly Pending[]>([])

  async function bring(file: File): Promise<void> {
    const one = { key: crypto.randomUUID(), url: URL.createObjectURL(file), error: '' }
    setPending((all) => [...all, one])
    const isOther = (other: Pending): boolean => other.key !== one.key
    try {
      const { attachmentId } = await upload(`${ticketPath(ticketId)}/attachments`, file, NewAttachment)
      keepOwn(attachmentId, one.url)
      setPending((all) => all.filter(isOther))
      update((old) => ({ ...old, attachmentIds: [...old.attachmentIds, attachmentId] }))
    } catch (error) {
      const failed = { ...one, error: errorText(words, error) }
      setPending((all) => all.map((other) => (isOther(other) ? other : failed)))
    }
  }

  return {
    ids: draft.attachmentIds,
    pending,
    isBusy: pending.some(({ error }) => error === ''),
    add: (files: readonly File[]): void => {
      const kept = pending.filter(({ error }) => error === '')
      setPending(kept)
      const room = MOST_PICTURES - draft.attachmentIds.length - kept.length
      for (const file of files.slice(0, room)) void bring(file)
    },
    remove: (id: string): void => {
      update((old) => ({ ...old, attachmentIds: old.attachmentIds.filter((other) => other !== id) }))
      setPending((all) => all.filter(({ key }) => key !== id))
    },
  }
}

/** The picture files among what was pasted or dropped. Words copied with a picture of themselves are words. */
export function pictureFiles(data: DataTransfer): File[] {
  if (data.types.includes('text/plain')) return []
  return [...data.files].filter(({ type }) => type.startsWith('image/'))
}
