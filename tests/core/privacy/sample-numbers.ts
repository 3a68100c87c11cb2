/** Repeatable whole numbers from 0 up to but not including `below`. */
export type Dice = (below: number) => number

/** A small linear congruential generator: the same seed gives the same samples everywhere. */
export function diceOf(seed: number): Dice {
  let state = seed >>> 0
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

export function digitsOf(dice: Dice, count: number): string {
  let digits = ''
  while (digits.length < count) digits += String(dice(10))
  return digits
}

export function pick<Item>(dice: Dice, items: readonly Item[]): Item {
  const item = items[dice(items.length)]
  if (item === undefined) throw new Error('nothing to pick from')
  return item
}

export function withLuhn(body: string): string {
  for (let check = 0; check <= 9; check++) {
    const number = body + String(check)
    const sum = [...number].toReversed().reduce((total, digit, index) => {
      const value = Number(digit) * (index % 2 === 0 ? 1 : 2)
      return total + (value > 9 ? value - 9 : value)
    }, 0)
    if (sum % 10 === 0) return number
  }
  throw new Error('unreachable')
}

/** Issuer ranges: name, prefixes, lengths. */
export const RANGES: readonly (readonly [
  name: string,
  prefixes: readonly string[],
  lengths: readonly number[],
])[] = [
  ['Visa 13', ['4'], [13]],
  ['Visa 16', ['4'], [16]],
  ['Visa 19', ['4'], [19]],
  ['Mastercard 5', ['51', '52', '53', '54', '55'], [16]],
  ['Mastercard 2', ['2221', '2300', '2500', '2720'], [16]],
  ['Amex', ['34', '37'], [15]],
  ['UnionPay 62', ['62'], [16, 17, 18, 19]],
  ['UnionPay 81', ['81'], [16, 17, 18, 19]],
  ['JCB', ['35'], [16, 19]],
  ['Discover', ['6011', '64', '65'], [16, 19]],
  ['Diners', ['36', '38', '300', '305'], [14, 16, 19]],
  ['Mir', ['2200', '2204'], [16, 19]],
  ['Maestro', ['5018', '5020', '5893', '6304', '6759'], [13, 16, 18, 19]],
  ['older domestic', ['60', '9558'], [16, 19]],
]

export function cardOf(dice: Dice, range: (typeof RANGES)[number]): string {
  const prefix = pick(dice, range[1])
  return withLuhn(prefix + digitsOf(dice, pick(dice, range[2]) - prefix.length - 1))
}

export function identityOf(dice: Dice): string {
  const two = (value: number): string => String(value).padStart(2, '0')
  const region = pick(dice, ['110105', '310101', '440305', '330106', '510107'])
  const body = `${region}${String(1950 + dice(60))}${two(1 + dice(12))}${two(1 + dice(28))}${digitsOf(dice, 3)}`
  const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
  const sum = weights.reduce((total, weight, index) => total + weight * Number(body[index]), 0)
  return body + ('10X98765432'[sum % 11] ?? '')
}

export function creditCodeOf(dice: Dice, serial: string): string {
  const alphabet = '0123456789ABCDEFGHJKLMNPQRTUWXY'
  const body = `91${pick(dice, ['440300', '110108', '310115'])}${serial}`
  const sum = [...body].reduce(
    (total, character, index) => total + alphabet.indexOf(character) * (3 ** index % 31),
    0,
  )
  return body + (alphabet[(31 - (sum % 31)) % 31] ?? '')
}
