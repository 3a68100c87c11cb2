/** A condition over step answers, slots, notes and code facts: a closed little language, never evaluated code. */
export type Condition =
  | { readonly kind: 'is'; readonly name: string; readonly value: string }
  | { readonly kind: 'known'; readonly name: string }
  | { readonly kind: 'not'; readonly of: Condition }
  | { readonly kind: 'and' | 'or'; readonly left: Condition; readonly right: Condition }

/** What a condition can ask about: the value of a name, or undefined when it is not known. */
export type Facts = (name: string) => string | undefined

/**
 * Parses the words of a condition: `CF1 is all_fail`, `amount is known`, `code_class is not SIGN`,
 * joined by `and`, `or`, `not` and round brackets; `is A or B` with bare values means either.
 *
 * Pure. Returns a string that says what is wrong when the words do not parse.
 */
export function parseCondition(source: string): Condition | string {
  const words = source.match(/[()]|[^\s()]+/g) ?? []
  const parser = new ConditionParser(words)
  const condition = parser.either()
  if (typeof condition === 'string') return condition
  const rest = parser.peek()
  return rest === undefined ? condition : `"${rest}" was not expected here`
}

/** Says whether a condition holds. Pure; an unknown name is equal to nothing. */
export function holds(condition: Condition, facts: Facts): boolean {
  switch (condition.kind) {
    case 'is':
      return facts(condition.name) === condition.value
    case 'known':
      return facts(condition.name) !== undefined
    case 'not':
      return !holds(condition.of, facts)
    case 'and':
      return holds(condition.left, facts) && holds(condition.right, facts)
    case 'or':
      return holds(condition.left, facts) || holds(condition.right, facts)
  }
}

/** Lists every name and value a condition compares, for the checks. Pure. */
export function comparisons(condition: Condition): readonly { name: string; value?: string }[] {
  switch (condition.kind) {
    case 'is':
      return [{ name: condition.name, value: condition.value }]
    case 'known':
      return [{ name: condition.name }]
    case 'not':
      return comparisons(condition.of)
    case 'and':
    case 'or':
      return [...comparisons(condition.left), ...comparisons(condition.right)]
  }
}

/** Writes a condition as its author would, for drawings and messages. Pure. */
export function renderCondition(condition: Condition): string {
  switch (condition.kind) {
    case 'is':
      return `${condition.name} is ${condition.value}`
    case 'known':
      return `${condition.name} is known`
    case 'not':
      return `not ${renderCondition(condition.of)}`
    case 'and':
    case 'or':
      return `${renderCondition(condition.left)} ${condition.kind} ${renderCondition(condition.right)}`
  }
}

const NAME = /^[A-Za-z][A-Za-z0-9_]*$/
const VALUE = /^[A-Za-z0-9_]+$/

class ConditionParser {
  readonly #words: readonly string[]
  #at = 0

  constructor(words: readonly string[]) {
    this.#words = words
  }

  peek(ahead = 0): string | undefined {
    return this.#words[this.#at + ahead]
  }

  either(): Condition | string {
    return this.#joined('or', () => this.#joined('and', () => this.#one()))
  }

  #joined(word: 'and' | 'or', next: () => Condition | string): Condition | string {
    let left = next()
    while (typeof left !== 'string' && this.peek() === word) {
      this.#at++
      const right = next()
      left = typeof right === 'string' ? right : { kind: word, left, right }
    }
    return left
  }

  #one(): Condition | string {
    const word = this.#take()
    if (word === undefined) return 'the condition ends too early'
    if (word === 'not') {
      const of = this.#one()
      return typeof of === 'string' ? of : { kind: 'not', of }
    }
    if (word === '(') {
      const inner = this.either()
      if (typeof inner === 'string') return inner
      return this.#take() === ')' ? inner : 'a bracket is not closed'
    }
    return NAME.test(word) ? this.#comparison(word) : `"${word}" is not a name`
  }

  #comparison(name: string): Condition | string {
    if (this.#take() !== 'is') return `after "${name}" the word "is" is missing`
    const negated = this.peek() === 'not'
    if (negated) this.#at++
    const condition = this.#values(name)
    return typeof condition === 'string' || !negated ? condition : { kind: 'not', of: condition }
  }

  #values(name: string): Condition | string {
    const value = this.#take()
    if (value === undefined || !VALUE.test(value)) return `after "${name} is" a value is missing`
    if (value === 'known') return { kind: 'known', name }
    if (value === 'unknown') return { kind: 'not', of: { kind: 'known', name } }
    let condition: Condition = { kind: 'is', name, value }
    while (this.peek() === 'or' && this.peek(2) !== 'is' && VALUE.test(this.peek(1) ?? '')) {
      if (this.peek(1) === 'not') break
      this.#at++
      condition = { kind: 'or', left: condition, right: { kind: 'is', name, value: this.#take() ?? '' } }
    }
    return condition
  }

  #take(): string | undefined {
    const word = this.#words[this.#at]
    this.#at++
    return word
  }
}
