import { describe, expect, it } from 'vitest'
import { mask } from '../../../src/core/privacy/mask.ts'
import { CARD_FORMATS } from './card-formats.ts'
import { cardOf, diceOf, RANGES } from './sample-numbers.ts'

/** All digits of a text, whatever the script, with our own marks taken out. */
function digitsIn(text: string): string {
  const marks = /\[[^\]]*\]|1[3-9]\d\*{4}\d{4}/g
  const plain = text
    .replace(marks, '#')
    .replace(/\\u00(3\d)/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)))
    .replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)))
    .replace(/%20/g, ' ')
    .normalize('NFKC')
    .replace(/[\p{Cf}\p{M}\p{Cc}]/gu, '')
  const numerals = '零〇洞一壹幺二贰两三叁四肆五伍六陆七柒拐八捌九玖勾'
  const values = '000111222334455667778899' + '9'
  let out = ''
  for (const character of plain) {
    const code = character.codePointAt(0) ?? 0
    const zero = [0x660, 0x6f0, 0x966, 0xe50].find((first) => code >= first && code < first + 10)
    if (/\d/.test(character)) out += character
    else if (zero !== undefined) out += String(code - zero)
    else if (numerals.includes(character)) out += values[numerals.indexOf(character)] ?? ''
    else if (/[Oo]/.test(character)) out += '0'
    else if (/[lI]/.test(character)) out += '1'
    else if (code >= 0x2776 && code < 0x277f) out += String(code - 0x2775)
    else if (character === '⓿') out += '0'
    else if (character === '#') out += '#'
  }
  return out
}

const PER_RANGE = 4

describe('cards in every format of every issuer', () => {
  it('has the formats and ranges it promises', () => {
    expect(Object.keys(CARD_FORMATS).length).toBeGreaterThanOrEqual(60)
    expect(RANGES.length).toBeGreaterThanOrEqual(12)
  })

  it.each(Object.entries(CARD_FORMATS))('leaves no card written as %s', (name, format) => {
    const dice = diceOf([...name].reduce((sum, character) => sum * 31 + character.charCodeAt(0), 7))
    const leaks: string[] = []
    for (const range of RANGES) {
      for (let index = 0; index < PER_RANGE; index++) {
        const card = cardOf(dice, range)
        const message = format(card, dice)
        const masked = mask(message, { phones: 'mask' }).text
        const left = digitsIn(masked)
        const isLeak = Array.from({ length: card.length - 6 }, (_, at) => card.slice(at, at + 7)).some(
          (part) => left.includes(part),
        )
        if (isLeak) leaks.push(`${range[0]} ${message} → ${masked}`)
      }
    }
    expect(leaks).toEqual([])
  })
})
