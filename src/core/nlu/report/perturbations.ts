import { TRADITIONAL_PAIRS } from '../character-tables.ts'
import { dropped, homophone, inPinyin, lookAlike } from '../typos.ts'

/** One way in which people's messages differ from what was meant. `change` is pure: the same text, the same result. */
export type Perturbation = { readonly name: string; readonly change: (text: string) => string }

const HAN_ALL = /\p{Script=Han}/gu
const PUNCTUATION = /[\p{P}\p{S}\s]/gu
/** A word of fewer characters is another word when one is left out. */
const SHORTEST_DROPPED = 6

/** What `nlu report` and the tests put messages through; each changes one thing that real typing changes. */
export const PERTURBATIONS: readonly Perturbation[] = [
  { name: 'a homophone', change: (text) => homophone(text, 0) },
  { name: 'a look-alike', change: (text) => lookAlike(text, 1) },
  {
    name: 'a dropped character',
    change: (text) => ([...text].length < SHORTEST_DROPPED ? text : dropped(text, 3)),
  },
  { name: 'two characters swapped', change: swapped },
  { name: 'a word in pinyin', change: (text) => inPinyin(text, 5) },
  { name: 'voice, no punctuation', change: (text) => `嗯那个${text.replace(PUNCTUATION, '')}` },
  {
    name: 'traditional characters',
    change: (text) => text.replace(HAN_ALL, (character) => traditional.get(character) ?? character),
  },
  {
    name: 'full width',
    change: (text) => text.replace(/[!-~]/gu, (letter) => String.fromCharCode(letter.charCodeAt(0) + 0xfee0)),
  },
  { name: 'emoji', change: (text) => `😭${text}🙏🙏` },
  { name: 'repeated characters', change: (text) => text.replace(/(\p{L})(\P{L}*)$/u, '$1$1$1$1$2！！！') },
  { name: 'a greeting before', change: (text) => `你好，${text}` },
]

const traditional = new Map<string, string>()
for (let i = 0; i + 1 < TRADITIONAL_PAIRS.length; i += 2) {
  const plain = TRADITIONAL_PAIRS[i + 1] ?? ''
  if (!traditional.has(plain)) traditional.set(plain, TRADITIONAL_PAIRS[i] ?? '')
}

/** Two neighbours in the wrong order, at a place that depends on the length. */
function swapped(text: string): string {
  const characters = [...text]
  if (characters.length < 2) return text
  const at = (characters.length * 7) % (characters.length - 1)
  const [one = '', other = ''] = characters.slice(at, at + 2)
  characters.splice(at, 2, other, one)
  return characters.join('')
}
