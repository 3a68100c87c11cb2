import { backoffMs } from './backoff.ts'
import { createNap } from './nap.ts'
import { parseJson, parseKeptGrant } from './wire.ts'
import type { Api } from './api.ts'
import type { SessionGrant } from './wire.ts'
import type { Storage } from './storage.ts'

export const SESSION_KEY = 'posdesk.session'
const KEY = SESSION_KEY
const IDENTIFY_TRIES = 5

export type Session = {
  /** The present session; opens one when there is none, for as long as that takes. Never rejects. */
  get(): Promise<SessionGrant>
  /** Replaces a session whose token was refused, unless another tab or call has done so already. */
  renew(refusedToken: string): Promise<SessionGrant>
  /** Says whether a token is still the present one: answers to an older one belong to another conversation. */
  isPresent(token: string): boolean
  /**
   * Goes on as the merchant that a token of the shop's own server names; false when the server does not believe it.
   * The same merchant keeps the same session.
   */
  identify(identityToken: string): Promise<boolean>
  /** Takes over the session another tab has put in place of this one. */
  follow(): void
  /** Stops waiting between two tries. */
  nudge(): void
}

type Deps = {
  readonly api: Api
  readonly storage: Storage
  readonly locale: string
  readonly random: () => number
  /** Runs `action` in one tab of this browser at a time, so that two fresh tabs share one session. */
  readonly exclusively: <Result>(action: () => Promise<Result>) => Promise<Result>
  /** `renewed`: another talk than before. `switched`: because it is another merchant's, not because the old one is gone. */
  readonly onOpened: (grant: SessionGrant, renewed: boolean, switched?: boolean) => void
}

export function createSession({ api, storage, locale, random, exclusively, onOpened }: Deps): Session {
  let present: SessionGrant | undefined
  let opening: Promise<SessionGrant> | undefined
  const nap = createNap()

  function readKept(): SessionGrant | undefined {
    return parseKeptGrant(parseJson(storage.read(KEY) ?? ''))
  }

  function take(grant: SessionGrant, renewed: boolean, switched = false): SessionGrant {
    present = grant
    onOpened(grant, renewed, switched)
    return grant
  }

  async function open(refusedToken: string | undefined): Promise<SessionGrant> {
    for (let failures = 1; ; failures += 1) {
      const kept = readKept()
      if (kept !== undefined && kept.token !== refusedToken) return kept
      const answer = await api.openSession(locale)
      if (answer.kind === 'ok') {
        storage.write(KEY, JSON.stringify(answer.value))
        return answer.value
      }
      const waitMs = answer.kind === 'later' ? answer.afterMs : backoffMs(failures, random())
      await nap.sleep(waitMs)
    }
  }

  function openOnce(refusedToken: string | undefined): Promise<SessionGrant> {
    const kept = readKept()
    const isKept = kept !== undefined && kept.token !== refusedToken
    opening ??= (isKept ? Promise.resolve(kept) : exclusively(() => open(refusedToken)))
      .then((grant) => take(grant, refusedToken !== undefined))
      .finally(() => {
        opening = undefined
      })
    return opening
  }

  async function identify(identityToken: string): Promise<boolean> {
    // An anonymous session on its way would take the place of this one.
    await opening
    for (let failures = 1; failures <= IDENTIFY_TRIES; failures += 1) {
      const answer = await api.openSession(locale, identityToken)
      if (answer.kind === 'ok') {
        storage.write(KEY, JSON.stringify(answer.value))
        if (present?.token !== answer.value.token) take(answer.value, present !== undefined, true)
        return true
      }
      if (answer.kind !== 'later' && answer.kind !== 'unreachable') return false
      await new Promise((resolve) => setTimeout(resolve, backoffMs(failures, random())))
    }
    return false
  }

  return {
    identify,
    follow() {
      const kept = readKept()
      if (kept !== undefined && present !== undefined && kept.token !== present.token) take(kept, true, true)
    },
    get: () => (present === undefined ? openOnce(undefined) : Promise.resolve(present)),
    renew: (refusedToken) =>
      present !== undefined && present.token !== refusedToken
        ? Promise.resolve(present)
        : openOnce(refusedToken),
    isPresent: (token) => present?.token === token,
    nudge: nap.wake,
  }
}
