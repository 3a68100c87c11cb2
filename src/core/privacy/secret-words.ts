/** What a secret is: the lengths it has, and what names it. */
export type SecretKind = 'pin' | 'otp' | 'cvv' | 'expiry'

const WORDS: Readonly<Record<SecretKind, string>> = {
  otp: '验证码|动态码|短信码|动态密码|动态口令|确认码|(?<![A-Za-z])(?:OTP|verification code)(?![A-Za-z])',
  pin: '密码|口令|(?<![A-Za-z])(?:PIN|pass ?word|passwd|passcode|pwd)(?![A-Za-z])',
  cvv: '(?<![A-Za-z])C(?:VV|VC|VN|ID)(?:2(?!\\d))?(?![A-Za-z])|安全码|校验码|[背后末]面?(?:的)?[三3]位|security ?code',
  expiry:
    '有效期|有效日期|到期(?:日|时间|年月)|过期日|(?<![A-Za-z])(?:exp(?:iry|ires|iration|date)?|valid ?thru|good ?thru)(?![a-z])',
}
const KINDS: readonly SecretKind[] = ['otp', 'pin', 'cvv', 'expiry']

const ANY = KINDS.map((kind) => `(${WORDS[kind]})`).join('|')
const FIRST = new RegExp(ANY, 'i')
const EVERY = new RegExp(ANY, 'gi')
const AT_START = new RegExp(`^[\\s"'”)(]*(?:这个|那个|的)?(?:${ANY})`, 'i')

/** True when `text` names a secret anywhere. Pure. */
export function namesSecret(text: string): boolean {
  return FIRST.test(text)
}

export type SecretLabel = { readonly kind: SecretKind; readonly start: number; readonly end: number }

/** All words in `text` that name a secret, in order. Pure. */
export function secretLabels(text: string): readonly SecretLabel[] {
  return [...text.matchAll(EVERY)].map((match) => ({
    kind: kindOf(match),
    start: match.index,
    end: match.index + match[0].length,
  }))
}

/** Finds the kind of the secret that `text` begins with the name of. Pure. */
export function findLeadingLabel(text: string): SecretKind | undefined {
  const match = AT_START.exec(text)
  return match === null ? undefined : kindOf(match)
}

function kindOf(match: RegExpMatchArray): SecretKind {
  return KINDS.find((_, index) => match[index + 1] !== undefined) ?? 'pin'
}
