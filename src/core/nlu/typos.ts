import { READINGS } from './character-tables.ts'

/** Characters that are taken for one another by the eye, by a hasty hand, or by stroke input. */
const LOOK_ALIKE =
  '未末己已人入土士日曰账帐卡咔刷涮签鉴插播打扣密蜜网冈失矢败贩码玛换涣读续钱线电由早旱机饥款欸付传收牧成戍没设要耍请清转传到倒坏怀办力查杳单草银很充允掉悼慢漫退腿明朋号另怎恁提堤示禾'
const HAN = /\p{Script=Han}/u
/** A typo is mostly one of the commoner characters of a sound, which stand first in the table. */
const COMMON = 6

const lookAlikes = new Map<string, string>()
for (let i = 0; i + 1 < LOOK_ALIKE.length; i += 2) {
  const [one = '', other = ''] = LOOK_ALIKE.slice(i, i + 2)
  lookAlikes.set(one, other)
  lookAlikes.set(other, one)
}

const readings = new Map<string, { readonly letters: string; readonly alike: string }>()
for (const entry of READINGS.split(' ')) {
  const letters = /^[a-z]+/u.exec(entry)?.[0] ?? ''
  const alike = entry.slice(letters.length)
  for (const character of alike) readings.set(character, { letters, alike })
}

/** A slip of the hand or of speech recognition; changes one Chinese character, or nothing where there is none. */
export type Typo = (text: string, turn: number) => string

/** One character for another of the same sound: 没道账. Pure; which one depends on the text and the turn. */
export const homophone: Typo = (text, turn) =>
  replaceOne(text, turn, (character) => {
    const alike = [...(readings.get(character)?.alike.slice(0, COMMON) ?? '')]
    const others = alike.filter((other) => other !== character)
    return others[character.charCodeAt(0) % Math.max(1, others.length)]
  })

/** One character for another of the same shape: 没到帐. Pure. */
export const lookAlike: Typo = (text, turn) =>
  replaceOne(text, turn, (character) => lookAlikes.get(character))

/** One character left out: 没账. Pure. */
export const dropped: Typo = (text, turn) => replaceOne(text, turn, () => '')

/** One character as the letters it is typed with: 没dao账. Pure. */
export const inPinyin: Typo = (text, turn) =>
  replaceOne(text, turn, (character) => readings.get(character)?.letters)

const TYPOS = [homophone, lookAlike, inPinyin, dropped]

/** A text with one typo, of another kind for each turn. Pure; the text itself where no typo of that kind is possible. */
export function withTypo(text: string, turn: number): string {
  return TYPOS[turn % TYPOS.length]?.(text, turn) ?? text
}

/** Replaces the first character, from a place that depends on text and turn, for which there is something else. */
function replaceOne(text: string, turn: number, other: (character: string) => string | undefined): string {
  const characters = [...text]
  const from = placeIn(characters, turn)
  for (let step = 0; step < characters.length; step++) {
    const at = (from + step) % characters.length
    const character = characters[at] ?? ''
    const fresh = HAN.test(character) ? other(character) : undefined
    if (fresh === undefined) continue
    characters[at] = fresh
    return characters.join('')
  }
  return text
}

function placeIn(characters: readonly string[], turn: number): number {
  let sum = turn * 7
  for (const character of characters) sum += character.codePointAt(0) ?? 0
  return sum % Math.max(1, characters.length)
}
