import { PAGE_SIZE } from './api.ts'
import { cursorOf, withLines, withStatus } from './talk.ts'
import type { Answer, Api, Failure } from './api.ts'
import type { Page, SessionGrant } from './wire.ts'
import type { Session } from './session.ts'
import type { TalkStore } from './talk-store.ts'

export type Pages = {
  /** Adds a page to the talk, unless it belongs to a session that is gone. */
  take(grant: SessionGrant, page: Page): void
  /** The newest page. A talk longer than that costs one more request; its beginning is read on demand. */
  loadNewest(grant: SessionGrant, signal: AbortSignal): Promise<{ readonly kind: 'ok' } | Failure>
  /** Asks for what is new, once more when asked to while it does. */
  sync(): Promise<void>
  /** Reads the page of lines before the oldest one shown. False when that failed. */
  loadOlder(): Promise<boolean>
}

type Deps = { readonly api: Api; readonly session: Session; readonly store: TalkStore }

/** Reads stored lines page by page, beside the stream. */
export function createPages({ api, session, store }: Deps): Pages {
  let isWanted = false
  let syncing: Promise<void> | undefined

  function take(grant: SessionGrant, page: Page): void {
    if (!session.isPresent(grant.token)) return
    store.update((talk) => {
      const loaded = talk.loaded ? talk : { ...talk, loaded: true }
      return withStatus(withLines(loaded, page.lines), page.status)
    })
  }

  async function readNew(): Promise<void> {
    while (isWanted) {
      isWanted = false
      const grant = await session.get()
      if (!store.get().loaded) return
      const answer = await api.readMessages(grant.token, { after: cursorOf(store.get()) })
      if (answer.kind !== 'ok') return
      take(grant, answer.value)
      if (answer.value.lines.length === PAGE_SIZE) isWanted = true
    }
  }

  return {
    take,
    async loadNewest(grant, signal) {
      const first = await api.readMessages(grant.token, { after: 0 }, signal)
      if (first.kind !== 'ok') return first
      const { lastSeq } = first.value
      const isAll = lastSeq <= (first.value.lines[first.value.lines.length - 1]?.seq ?? 0)
      const answer = isAll
        ? first
        : await api.readMessages(grant.token, { after: lastSeq - PAGE_SIZE }, signal)
      if (answer.kind === 'ok') take(grant, answer.value)
      return answer.kind === 'ok' ? { kind: 'ok' } : answer
    },
    sync() {
      isWanted = true
      syncing ??= readNew().finally(() => {
        syncing = undefined
      })
      return syncing
    },
    async loadOlder() {
      const grant = await session.get()
      const oldest = store.get().lines[0]?.seq ?? 1
      const after = Math.max(0, oldest - 1 - PAGE_SIZE)
      const answer: Answer<Page> = await api.readMessages(grant.token, { after, limit: oldest - 1 - after })
      if (answer.kind === 'ok') take(grant, answer.value)
      return answer.kind === 'ok'
    },
  }
}
