import { backoffMs } from './backoff.ts'
import { picturesOf, withMessage, withOutgoing, withStored, withoutMessage, withoutUploads } from './talk.ts'
import type { Answer, Api } from './api.ts'
import type { BringPictures, Brought } from './bring-pictures.ts'
import type { Outgoing } from './talk.ts'
import type { PictureBox } from './picture-box.ts'
import type { OutgoingContent } from './wire.ts'
import type { Session } from './session.ts'
import type { TalkStore } from './talk-store.ts'
import type { Unsent } from './unsent.ts'

export type Sender = {
  send(content: OutgoingContent, afterSeq: number): void
  /** Tries a failed or delayed message again, under its old id. */
  retry(id: string): void
  /** Takes an unsent message back. */
  discard(id: string): void
  /** Tries again now rather than at the planned time, unless the server asked for that wait. */
  nudge(): void
}

type Deps = {
  readonly api: Api
  readonly session: Session
  readonly store: TalkStore
  readonly unsent: Unsent
  readonly box: Pick<PictureBox, 'remove'>
  readonly bring: BringPictures
  readonly makeId: () => string
  readonly random: () => number
  readonly now: () => number
}

/** A message the server answers with 5xx this many times is set aside, so that it does not block those behind it. */
const ANSWERED_FAILURES = 4

/** Sends our messages one at a time in the order they were written, each until the server has it or refuses it. */
export function createSender(deps: Deps): Sender {
  const { api, session, store, unsent, box, bring, makeId, random, now } = deps
  let isBusy = false
  let failures = 0
  let notBefore = 0
  let timer: ReturnType<typeof setTimeout> | undefined
  let uploading: { readonly id: string; readonly abort: AbortController } | undefined
  const broughtAgain = new Set<string>()

  function change(id: string, edit: (message: Outgoing) => Outgoing): void {
    store.update((talk) => withMessage(talk, id, edit))
    const message = find(id)
    if (message !== undefined) unsent.save(message)
  }

  function findNext(): Outgoing | undefined {
    return store.get().outgoing.find((message) => message.state !== 'failed' && message.state !== 'stored')
  }

  async function pump(): Promise<void> {
    if (isBusy || now() < notBefore) return
    isBusy = true
    clearTimeout(timer)
    for (let next = findNext(); next !== undefined; next = findNext()) {
      const pauseMs = await attempt(next)
      if (pauseMs > 0) {
        timer = setTimeout(() => {
          notBefore = 0
          void pump()
        }, pauseMs)
        break
      }
    }
    isBusy = false
  }

  function find(id: string): Outgoing | undefined {
    return store.get().outgoing.find((known) => known.id === id)
  }

  /** Gives how long to wait before going on, in ms. */
  async function attempt({ id }: Outgoing): Promise<number> {
    const grant = await session.get()
    change(id, (message) => ({ ...message, state: 'sending', problem: undefined }))
    const upload = await uploadPictures(id, grant.token)
    // Cancelled meanwhile, or of a session that is gone: nothing to settle.
    if (find(id) === undefined || !session.isPresent(grant.token)) return 0
    if (upload.kind !== 'ok') return settleUpload(id, grant.token, upload)
    change(id, (message) => ({ ...message, attempted: true }))
    const message = find(id)
    if (message === undefined) return 0
    const answer = await api.postMessage(grant.token, id, message.content)
    if (answer.kind === 'unauthorized') return renewed(grant.token)
    if (!session.isPresent(grant.token)) return 0
    return settle(id, answer)
  }

  async function renewed(refusedToken: string): Promise<number> {
    failures += 1
    await session.renew(refusedToken)
    return failures > 1 ? backoffMs(failures, random()) : 0
  }

  async function uploadPictures(id: string, token: string): Promise<Brought> {
    const content = find(id)?.content
    if (content === undefined || picturesOf(content).length === 0) return { kind: 'ok' }
    const abort = new AbortController()
    uploading = { id, abort }
    const brought = await bring(token, content, {
      signal: abort.signal,
      onBrought: (next) => change(id, (message) => ({ ...message, content: next })),
      onProgress: (percent) =>
        store.update((talk) => withMessage(talk, id, (message) => ({ ...message, progress: percent }))),
    })
    uploading = undefined
    store.update((talk) => withMessage(talk, id, withoutProgress))
    return brought
  }

  function settleUpload(
    id: string,
    token: string,
    upload: Exclude<Brought, { kind: 'ok' }>,
  ): number | Promise<number> {
    if (upload.kind === 'unauthorized') return renewed(token)
    if (upload.kind !== 'problem') return settle(id, upload)
    failures = 0
    change(id, (message) => ({ ...message, state: 'failed', problem: upload.problem }))
    return 0
  }

  /** Pictures wait a day at the server: one that waited longer here goes up once more. */
  function uploadsAgain(id: string): boolean {
    const message = find(id)
    if (message === undefined || picturesOf(message.content).length === 0 || broughtAgain.has(id))
      return false
    broughtAgain.add(id)
    change(id, ({ content, ...rest }) => ({ ...rest, content: withoutUploads(content), state: 'waiting' }))
    return true
  }

  function forget(id: string): void {
    const message = find(id)
    unsent.remove(id)
    for (const { key } of message === undefined ? [] : picturesOf(message.content)) box.remove(key)
  }

  function settle(id: string, answer: Exclude<Answer<number>, { kind: 'unauthorized' }>): number {
    switch (answer.kind) {
      case 'ok':
        failures = 0
        forget(id)
        store.update((talk) => withStored(talk, id, answer.value))
        return 0
      case 'refused':
        failures = 0
        if (answer.status === 400 && uploadsAgain(id)) return 0
        change(id, (message) => ({ ...message, state: 'failed', problem: answer.detail ?? '' }))
        return 0
      case 'later':
        notBefore = now() + answer.afterMs
        return answer.afterMs
      case 'unreachable':
        failures += 1
        if (answer.answered && failures >= ANSWERED_FAILURES) {
          failures = 0
          change(id, (message) => ({ ...message, state: 'failed', problem: '' }))
          return 0
        }
        change(id, (message) => ({ ...message, state: 'delayed' }))
        return backoffMs(failures, random())
    }
  }

  for (const kept of unsent.load()) {
    const state = kept.problem === undefined ? 'waiting' : 'failed'
    store.update((talk) => withOutgoing(talk, { ...kept, state }))
  }
  void pump()

  return {
    send(content, afterSeq) {
      const message = { id: makeId(), content, createdAt: now(), afterSeq, attempted: false }
      unsent.save(message)
      store.update((talk) => withOutgoing(talk, { ...message, state: 'waiting' }))
      void pump()
    },
    retry(id) {
      change(id, (message) => ({ ...message, state: 'waiting', problem: undefined }))
      void pump()
    },
    discard(id) {
      forget(id)
      store.update((talk) => withoutMessage(talk, id))
      if (uploading?.id === id) uploading.abort.abort()
    },
    nudge: () => void pump(),
  }
}

function withoutProgress({ progress, ...message }: Outgoing): Outgoing {
  void progress
  return message
}
