import { MASKED_CARD, MASKED_OTHER, MASKED_SECRET, toDigits } from './numerals.ts'
import type { Found } from './page.ts'

/** What is written in place of a find. `written` is the find as the reading has it. Pure. */
export function markFor(find: Found, written: string): string {
  switch (find.kind) {
    case 'card':
      return `[卡号****${find.last4 ?? ''}]`
    case 'track':
      return '[磁道数据]'
    case 'chip':
      return '[芯片数据]'
    case 'secret':
      return '[已隐藏]'
    case 'identity':
      return '[证件号已隐藏]'
    case 'payment_code':
      return '[付款码已隐藏]'
    case 'account':
      return `[账号****${find.last4 ?? ''}]`
    case 'phone': {
      const digits = toDigits(written)
      return `${digits.slice(0, 3)}****${digits.slice(-4)}`
    }
  }
}

const MARK =
  /\[(?:(卡号\*{4}\d{4})|(已隐藏)|账号\*{4}\d{4}|磁道数据|芯片数据|证件号已隐藏|付款码已隐藏)\]|(?<!\d)1[3-9]\d\*{4}\d{4}(?!\d)/g

/** Blots out the marks of an earlier masking: they are not masked again, nor part of a number. Pure, linear. */
export function blotMarks(text: string): string {
  return text.replace(MARK, (mark: string, card?: string, secret?: string) => {
    const blotted = card === undefined ? (secret === undefined ? MASKED_OTHER : MASKED_SECRET) : MASKED_CARD
    return blotted.repeat(mark.length)
  })
}
