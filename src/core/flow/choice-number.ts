import { normalize } from '../nlu/normalize.ts'

const NUMERALS = '一二三四五六七八九十'
const NUMBER =
  /^(?:选项?|选择|我选|是|答案)?第?([0-9]{1,2}|[一二三四五六七八九十两])(?:个|种|项|号|条|款)?(?:吧|的|那个|那种)?$/u
const FORMER = /^(?:选|是)?(?:前一?种|前一?个|前面(?:那个|那种|的)?|前者|上面(?:那个|那种)?)(?:吧|的)?$/u
const LATTER =
  /^(?:选|是)?(?:后一?种|后一?个|后面(?:那个|那种|的)?|后者|最后(?:一?个|一种|那个)?|下面(?:那个|那种)?)(?:吧|的)?$/u
const MIDDLE = /^(?:选|是)?中间(?:那个|那种|的)?(?:吧|的)?$/u

/**
 * The index of the offered choice a message names by number or place: “2”, “２”, “第二个”, “前一种”, “后面那个”.
 * Pure; undefined when the message is anything else or names a choice that was not offered.
 */
export function choiceNumber(text: string, offered: number): number | undefined {
  const said = normalize(text)
    .replace(/[\s.。、，,!！)）]+$/u, '')
    .trim()
  if (offered === 0) return undefined
  if (FORMER.test(said)) return 0
  if (LATTER.test(said)) return offered - 1
  if (MIDDLE.test(said) && offered === 3) return 1
  const numeral = NUMBER.exec(said)?.[1]
  if (numeral === undefined) return undefined
  const number = /\d/u.test(numeral) ? Number(numeral) : numeral === '两' ? 2 : NUMERALS.indexOf(numeral) + 1
  return number >= 1 && number <= offered ? number - 1 : undefined
}
