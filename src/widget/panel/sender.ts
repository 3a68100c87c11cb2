import { backoffMs } from './backoff.ts'
import { withMessage, withOutgoing, withStored, withoutMessage } from './talk.ts'
import type { Answer, Api } from './api.ts'
import type { Outgoing } from './talk.ts'
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
  readonly makeId: () => string
  readonly random: () => number
  readonly now: () => number
}

/** A message the server answers with 5xx this many times is set aside, so that it does not block those behind it. */
const ANSWERED_FAILURES = 4

/** Sends our messages one at a time in the order they were written, each until the server has it or refuses it. */
export function createSender({ api, session, store, unsent, makeId, random, now }: Deps): Sender {
  let isBusy = false
  let failures = 0
  let notBefore = 0
  let timer: ReturnType<typeof setTimeout> | undefined

  function change(id: string, edit: (message: Outgoing) => Outgoing): void {
    store.update((talk) => withMessage(talk, id, edit))
    const message = store.get().outgoing.find((known) => known.id === id)
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

  /** Gives how long to wait before going on, in ms. */
  async function attempt({ id }: Outgoing): Promise<number> {
    const grant = await session.get()
    change(id, (message) => ({ ...message, state: 'sending', attempted: true, problem: undefined }))
    const message = store.get().outgoing.find((known) => known.id === id)
    if (message === undefined) return 0
    const answer = await api.postMessage(grant.token, id, message.content)
    if (answer.kind === 'unauthorized') {
      failures += 1
      await session.renew(grant.token)
      return failures > 1 ? backoffMs(failures, random()) : 0
    }
    if (!session.isPresent(grant.token)) return 0
    return settle(id, answer)
  }

  function settle(id: string, answer: Exclude<Answer<number>, { kind: 'unauthorized' }>): number {
    switch (answer.kind) {
      case 'ok':
        failures = 0
        store.update((talk) => withStored(talk, id, answer.value))
        unsent.remove(id)
        return 0
      case 'refused':
        failures = 0
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
      store.update((talk) => withoutMessage(talk, id))
      unsent.remove(id)
    },
    nudge: () => void pump(),
  }
}
