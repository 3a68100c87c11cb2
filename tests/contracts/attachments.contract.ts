import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Store } from '../../src/app/ports.ts'
import type { AttachmentStore, StoredAttachment } from '../../src/app/picture-ports.ts'
import { attachmentId, type AttachmentId } from '../../src/core/ids.ts'
import { clerkId, idOf, shop } from './shop-talk.ts'

export type OpenedAttachments = {
  readonly store: Pick<Store, 'attachments'>
  /** Closes the store and opens what it kept. */
  reopen(): Promise<Pick<Store, 'attachments'>>
  cleanup(): Promise<void>
}

export const pictureId = (n: number): AttachmentId => attachmentId(idOf('picture', n))
export const bytesOf = (n: number): Buffer => Buffer.from(`picture ${n} \n\0\xff`.repeat(500), 'latin1')

export function pictureOf(n: number, parts: Partial<StoredAttachment> = {}): StoredAttachment {
  const base = { id: pictureId(n), mime: 'image/png', width: 4, height: 3 } as const
  return { ...base, address: shop(n), savedAt: 1_000 * n, ...parts }
}

/** What every store promises of pictures, run over one of them. */
export function attachmentsContract(name: string, open: () => Promise<OpenedAttachments>): void {
  describe(`${name} keeps the contract for pictures`, () => {
    let opened: OpenedAttachments
    let pictures: AttachmentStore

    beforeEach(async () => {
      opened = await open()
      pictures = opened.store.attachments
    })
    afterEach(() => opened.cleanup())

    const save = (n: number, parts?: Partial<StoredAttachment>): Promise<void> =>
      pictures.save(pictureOf(n, parts), bytesOf(n))
    const reopen = async (): Promise<void> => {
      pictures = (await opened.reopen()).attachments
    }
    const expectThere = async (n: number, parts?: Partial<StoredAttachment>): Promise<void> => {
      const found = await pictures.read(pictureId(n))
      expect(found?.attachment).toEqual(pictureOf(n, parts))
      expect(Buffer.from(found?.data ?? []).equals(bytesOf(n))).toBe(true)
      expect(await pictures.find(pictureId(n))).toEqual(pictureOf(n, parts))
    }

    it('gives back exactly what was saved, sent or not, over a reopening', async () => {
      await save(1)
      await save(2, { uploadedBy: clerkId(1) })
      await pictures.markSent([pictureId(2)])
      for (const again of [false, true]) {
        if (again) await reopen()
        await expectThere(1)
        await expectThere(2, { uploadedBy: clerkId(1) })
      }
    })

    it('knows nothing of what was never saved, or of ids that are none', async () => {
      for (const id of [
        pictureId(9),
        attachmentId('../../etc/passwd'),
        attachmentId(''),
        attachmentId('a\0'),
      ]) {
        expect(await pictures.find(id)).toBeUndefined()
        expect(await pictures.read(id)).toBeUndefined()
        await pictures.markSent([id])
        await pictures.remove(id)
      }
    })

    it('takes away what was saved before a time and never sent, and nothing else', async () => {
      for (const n of [1, 2, 3, 4]) await save(n)
      await pictures.markSent([pictureId(1), pictureId(1)])
      await reopen()
      expect(await pictures.removeUnsent(3_000)).toBe(1)
      expect(await pictures.removeUnsent(3_000)).toBe(0)
      await reopen()
      expect(await pictures.find(pictureId(2))).toBeUndefined()
      for (const n of [1, 3, 4]) await expectThere(n)
      expect(await pictures.removeUnsent(Number.MAX_SAFE_INTEGER)).toBe(2)
      await expectThere(1)
    })

    it('takes a picture away for good, sent or not', async () => {
      await save(1)
      await save(2)
      await pictures.markSent([pictureId(2)])
      for (const n of [1, 2]) await pictures.remove(pictureId(n))
      await pictures.remove(pictureId(2))
      for (const again of [false, true]) {
        if (again) await reopen()
        for (const n of [1, 2]) expect(await pictures.read(pictureId(n))).toBeUndefined()
      }
    })

    it('does one thing at a time with a picture', async () => {
      await save(1)
      const [found] = await Promise.all([
        pictures.read(pictureId(1)),
        pictures.markSent([pictureId(1)]),
        pictures.markSent([pictureId(1)]),
        pictures.removeUnsent(Number.MAX_SAFE_INTEGER),
      ])
      expect(found?.attachment.id).toBe(pictureId(1))
      await expectThere(1)
    })
  })
}
