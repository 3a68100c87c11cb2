import type { Bus, Clock, Ids } from '../../app/ports.ts'
import type { WebChannel } from '../../app/web-channel.ts'
import { AppError } from '../../core/errors.ts'
import { merchantKeyOf, verifyIdentity } from './identity.ts'
import { MessageBody, parseMessage, SessionBody } from './parse.ts'
import { openToken, sealToken, sessionOf } from './session.ts'
import { renderEvent, RETRY_HINT } from './stream.ts'

export type WebChannelOptions = {
  /** Secret of the session tokens, from `store.secret`. */
  readonly secret: string
  /** Shared with the shops' own servers, which vouch for their merchants under it. */
  readonly identitySecret?: string
  readonly ids: Ids
  readonly clock: Clock
  readonly bus: Bus
}

/** Makes the web channel. Browsers pull by seq, so delivering means waking those who watch. */
export function createWebChannel(options: WebChannelOptions): WebChannel {
  const { secret, identitySecret, ids, bus, clock } = options

  function identifiedKey(identityToken: string): string {
    if (identitySecret === undefined) {
      throw new AppError('invalid', 'identityToken: this server takes anonymous sessions only')
    }
    return merchantKeyOf(verifyIdentity(identityToken, identitySecret, clock.now()), secret)
  }

  return {
    name: 'web',
    bodies: { session: SessionBody, message: MessageBody },
    startSession({ identityToken }) {
      const merchantKey = identityToken === undefined ? ids.id() : identifiedKey(identityToken)
      return { token: sealToken(secret, merchantKey), session: sessionOf(merchantKey) }
    },
    findSession: (token) => openToken(secret, token),
    parseMessage,
    streamOpening: RETRY_HINT,
    renderEvent,
    async deliver(address, lines) {
      bus.publish({ address, lastSeq: lines.at(-1)?.seq ?? 0 })
    },
  }
}
