import { normalize } from '../nlu/normalize.ts'

/** Words that mean the same to an answer; `polarity` says whether they report success or failure. */
export type WordGroup = {
  readonly id: string
  readonly polarity: 'positive' | 'negative' | 'negation' | 'none'
  readonly words: readonly string[]
}

/** What every question understands, and the word groups answers are compared with (data/answers.yaml). */
export type AnswerWords = {
  readonly yes: ReadonlySet<string>
  readonly no: ReadonlySet<string>
  readonly unsure: readonly string[]
  readonly cannot: readonly string[]
  /** “I heard you”: no answer where a result is awaited. */
  readonly acknowledges: ReadonlySet<string>
  readonly groups: readonly WordGroup[]
}

/** A token of an answer: a word group, or one character as it stands. */
export type Token = { readonly key: string; readonly polarity: WordGroup['polarity'] }

const CLAUSE_END = /[，。！？；、,.!?;:：\s…~～（）()"“”]+/u
const TURN_OF_THOUGHT = /(?=但是|不过|可是|只是|而是|然后|结果)/u
const FILLER = /^(?:嗯+|呃+|额+|哦+|噢+|唉+|哎+|那个|就是说|师傅|老板|亲)+(?=.)/u
const PARTICLES = /[啊呀呢嘛哦哈啦呗哎唉诶耶哟噻撒喔欸嘞咯]+/gu
const ENDING = /(?<=.)[的了吧]+$/u

/** Splits an utterance into clauses in normal form, empty ones dropped. Pure. */
export function clausesOf(text: string): readonly string[] {
  return normalize(text)
    .split(CLAUSE_END)
    .flatMap((part) => part.split(TURN_OF_THOUGHT))
    .map((part) => part.replace(FILLER, ''))
    .filter((part) => part !== '')
}

/** A clause that asks something; “怎么还是不行” complains, and so is none. */
const ASKS =
  /吗$|(?<![什怎这那多])么$|能不能|可不可以|可以不|行不行|好不好|是不是|要不要|会不会|什么时候|啥时候|几时|几点|多久|多少|哪里|哪儿|在哪|怎么才|怎么能|怎么退|怎么弄|怎么查|怎么办|咋弄|咋办|咋查|咋退|谁来|来人$|快点$|(?:能|可以|行|会|要|是|修|用).*(?<![还也都就可])不$|(?:好|到|成|完|修|来)了?没有?$/u
const COMPLAINS = /(?:还是|照样|依然|老是|都)(?:不|没)/u

/** Tells whether a clause asks instead of reporting: a question is no yes and no no. Pure. */
export function isQuestion(clause: string): boolean {
  const said = bare(clause)
  return said.length > 1 && ASKS.test(said) && !COMPLAINS.test(said)
}

const NEGATED = /^(?:也|并|倒|又)?不是(?!吗|吧|么|很|太)(.+)$/u

/** Leaves out denied clauses (“不是都不行”), and gives what the first of them denies. Pure. */
export function withoutNegated(clauses: readonly string[]): {
  clauses: readonly string[]
  negated: string | undefined
} {
  const kept = clauses.filter((clause) => !NEGATED.test(clause))
  if (kept.length === clauses.length) return { clauses, negated: undefined }
  const negated = clauses.map((clause) => NEGATED.exec(clause)?.[1]).find((clause) => clause !== undefined)
  return { clauses: kept, negated }
}

/** Takes the particles off a clause, which carry tone but no content. Pure; never makes it empty. */
export function bare(clause: string): string {
  const without = clause.replace(PARTICLES, '')
  return without === '' ? clause : without
}

/** Takes off what may end an answer without changing it (的 了 吧). Pure; never makes it empty. */
export function withoutEnding(clause: string): string {
  return clause.replace(ENDING, '')
}

/** Cuts clauses into tokens by the longest word of any group. */
export class Tokenizer {
  readonly #words = new Map<string, Token>()
  readonly #longest: number

  constructor(groups: readonly WordGroup[]) {
    let longest = 1
    for (const group of groups) {
      for (const word of group.words) {
        this.#words.set(normalize(word), { key: `<${group.id}>`, polarity: group.polarity })
        longest = Math.max(longest, word.length)
      }
    }
    this.#longest = longest
  }

  /** Tokens of a clause in normal form, in order. Pure. */
  tokens(clause: string): readonly Token[] {
    const tokens: Token[] = []
    let at = 0
    while (at < clause.length) {
      let length = Math.min(this.#longest, clause.length - at)
      let token: Token | undefined
      while (length > 0 && (token = this.#words.get(clause.slice(at, at + length))) === undefined) length--
      if (token === undefined) {
        const char = String.fromCodePoint(clause.codePointAt(at) ?? 0)
        tokens.push({ key: char, polarity: 'none' })
        at += char.length
      } else {
        tokens.push(token)
        at += length
      }
    }
    return tokens
  }
}

/**
 * The report in a clause: +1 it works, −1 it does not, 0 neither. A negation word turns the next report round;
 * the last report counts. Pure.
 */
export function polarityOf(tokens: readonly Token[]): -1 | 0 | 1 {
  let polarity: -1 | 0 | 1 = 0
  let negations = 0
  let since = 99
  for (const token of tokens) {
    since++
    if (token.polarity === 'negation') {
      negations++
      since = 0
    } else if (token.polarity === 'positive' || token.polarity === 'negative') {
      const turned = negations % 2 === 1 && since <= 2
      polarity = (token.polarity === 'positive') !== turned ? 1 : -1
      negations = 0
    }
  }
  return polarity
}
