import { createHmac, timingSafeEqual } from 'node:crypto'
import { z } from 'zod'
import { AppError } from '../../core/errors.ts'
import { idFromBytes } from '../../app/ids.ts'

const AUDIENCE = 'posdesk-widget'
const MAX_LIFETIME_S = 600
const CLOCK_SKEW_S = 60
const JWT = /^([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]{43})$/

// The algorithm is pinned by the shape of the head: "none" and all others do not parse.
const Head = z.strictObject({ alg: z.literal('HS256'), typ: z.literal('JWT').optional() })
const Claims = z.object({
  sub: z.string().min(1).max(128),
  aud: z.literal(AUDIENCE),
  exp: z.int(),
  iat: z.int().optional(),
  nbf: z.int().optional(),
})

/**
 * The merchant that a shop's own server vouches for in a JWT (HS256) of at most ten minutes. Pure.
 *
 * Throws `unauthorized` for anything else, without saying which part was wrong.
 */
export function verifyIdentity(token: string, secret: string, now: number): string {
  const [, head, claims, signature] = JWT.exec(token) ?? []
  if (head && claims && signature && isSigned(`${head}.${claims}`, signature, secret)) {
    const checked = Claims.safeParse(decode(claims))
    if (Head.safeParse(decode(head)).success && checked.success && isCurrent(checked.data, now / 1000)) {
      return checked.data.sub
    }
  }
  throw new AppError('unauthorized', 'identityToken: not a valid, current token for this server')
}

/** The merchant key of a vouched-for merchant: the same on every device, and telling nothing of who it is. Pure. */
export function merchantKeyOf(sub: string, serverSecret: string): string {
  const key = idFromBytes(createHmac('sha512', serverSecret).update(`merchant:${sub}`).digest())
  if (key === undefined) throw new AppError('internal', 'no id could be made for a merchant')
  return key
}

function isSigned(signed: string, signature: string, secret: string): boolean {
  const wanted = createHmac('sha256', secret).update(signed).digest('base64url')
  return timingSafeEqual(Buffer.from(signature), Buffer.from(wanted))
}

function isCurrent({ exp, iat, nbf }: z.output<typeof Claims>, nowS: number): boolean {
  if (exp <= nowS || exp > nowS + MAX_LIFETIME_S + CLOCK_SKEW_S) return false
  const startsAt = Math.max(iat ?? 0, nbf ?? 0)
  return startsAt <= nowS + CLOCK_SKEW_S && (iat === undefined || exp - iat <= MAX_LIFETIME_S)
}

function decode(part: string): unknown {
  try {
    return JSON.parse(Buffer.from(part, 'base64url').toString('utf8'))
  } catch {
    return undefined
  }
}
