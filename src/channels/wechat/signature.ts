import { createHash, timingSafeEqual } from 'node:crypto'

/** WeChat's signature over some texts: SHA-1 hex of them, sorted by code units and joined. Pure. */
export function signatureOf(parts: readonly string[]): string {
  // Sorted as bytes are: a sort by locale gives another order and another signature.
  return createHash('sha1')
    .update([...parts].sort().join(''))
    .digest('hex')
}

/** Says whether `signature` is that of `parts`, in a time that tells nothing of where they differ. Pure. */
export function isSignatureOf(signature: string, parts: readonly string[]): boolean {
  const given = Buffer.from(signature)
  const wanted = Buffer.from(signatureOf(parts))
  return given.length === wanted.length && timingSafeEqual(given, wanted)
}
