/** Letters and digits that nobody mistakes for another. */
const LETTERS = 'abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789'
const LENGTH = 20

/** A password that can be read out: 20 letters and digits by the browser's random source. */
export function newPassword(): string {
  let password = ''
  while (password.length < LENGTH) {
    const [byte = 255] = crypto.getRandomValues(new Uint8Array(1))
    // Bytes past the last whole round would make the first letters likelier.
    if (byte < 256 - (256 % LETTERS.length)) password += LETTERS.charAt(byte % LETTERS.length)
  }
  return password
}
