/** Failures to reach the host at all. */
const NEVER_LEFT = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
  'CERT_HAS_EXPIRED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'ERR_TLS_CERT_ALTNAME_INVALID',
])

/** Says whether a request that failed surely never left. Looks through the causes: `fetch` wraps what the socket said. */
export function hasNeverLeft(error: unknown): boolean {
  let at: unknown = error
  for (let depth = 0; depth < 4 && at !== undefined; depth += 1) {
    const { code, cause, errors } = fieldsOf(at)
    if (typeof code === 'string' && NEVER_LEFT.has(code)) return true
    // Several addresses of one name were tried: none of them took the connection.
    if (Array.isArray(errors)) return errors.length > 0 && errors.every(hasNeverLeft)
    at = cause
  }
  return false
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) return {}
  return Object.fromEntries(['code', 'cause', 'errors'].map((name) => [name, Reflect.get(value, name)]))
}
