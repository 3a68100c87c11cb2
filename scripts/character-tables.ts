/**
 * Prints `src/core/nlu/character-tables.ts`: `npx jiti scripts/character-tables.ts > src/core/nlu/character-tables.ts`.
 *
 * The converters that know all this cost 40 MB and 200 ms at start, and 20 times a look-up's time a message.
 */
import * as OpenCC from 'opencc-js/t2cn'
import { pinyin } from 'pinyin-pro'

/** Variants that the converter leaves alone and merchants' input methods produce. */
const VARIANTS: Readonly<Record<string, string>> = {
  衹: '只',
  祇: '只',
  羣: '群',
  牀: '床',
  著: '着',
  妳: '你',
  祂: '他',
  牠: '它',
}

/** The reading meant in everyday messages, where the dictionary's first one is another. */
const READINGS: Readonly<Record<string, string>> = {
  了: 'le',
  地: 'de',
  呢: 'ne',
  么: 'me',
  吗: 'ma',
  嗯: 'en',
  薄: 'bao',
}

export function traditionalPairs(): string {
  const convert = OpenCC.Converter({ from: 't', to: 'cn' })
  let pairs = ''
  for (let code = 0x4e00; code <= 0x9fff; code++) {
    const character = String.fromCharCode(code)
    const simple = VARIANTS[character] ?? convert(character)
    if (simple !== character && simple.length === 1) pairs += character + simple
  }
  return pairs
}

export function readings(): string {
  const bySyllable = new Map<string, string>()
  for (const character of commonCharacters()) {
    const syllable = READINGS[character] ?? pinyin(character, { toneType: 'none', v: true })
    if (!/^[a-z]+$/.test(syllable)) continue
    bySyllable.set(syllable, (bySyllable.get(syllable) ?? '') + character)
  }
  const syllables = [...bySyllable.keys()].sort()
  return syllables.map((syllable) => syllable + (bySyllable.get(syllable) ?? '')).join(' ')
}

/** The 6,763 characters of GB 2312, in code order. */
function commonCharacters(): string[] {
  const decoder = new TextDecoder('gb2312', { fatal: true })
  const characters: string[] = []
  for (let high = 0xb0; high <= 0xf7; high++) {
    for (let low = 0xa1; low <= (high === 0xd7 ? 0xf9 : 0xfe); low++) {
      characters.push(decoder.decode(new Uint8Array([high, low])))
    }
  }
  return characters
}

export function render(): string {
  return [
    '// Written by scripts/character-tables.ts; a test compares it with the libraries it was drawn from.',
    '',
    '/** Traditional character, its simplified form, and so on in pairs. */',
    `export const TRADITIONAL_PAIRS = '${traditionalPairs()}'`,
    '',
    '/** Toneless syllable, then the characters read so; syllables parted by a space. */',
    `export const READINGS = '${readings()}'`,
    '',
  ].join('\n')
}

if (process.argv[1]?.endsWith('character-tables.ts') === true) process.stdout.write(render())
