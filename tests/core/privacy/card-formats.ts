import { digitsOf, pick } from './sample-numbers.ts'
import type { Dice } from './sample-numbers.ts'

type Format = (card: string, dice: Dice) => string

const CHINESE = '零一二三四五六七八九'
const FINANCIAL = '零壹贰叁肆伍陆柒捌玖'
const SPOKEN = '洞幺两三四五六拐八勾'
const mapped = (numerals: string) => (card: string) =>
  card.replace(/\d/g, (digit) => [...numerals][Number(digit)] ?? '')
const shifted = (zero: number) => (card: string) =>
  card.replace(/\d/g, (digit) => String.fromCodePoint(zero + Number(digit)))

function groups(card: string, size: number): readonly string[] {
  return card.match(new RegExp(`.{1,${String(size)}}`, 'g')) ?? []
}
const grouped =
  (separator: string, size = 4) =>
  (card: string) =>
    groups(card, size).join(separator)

/** Cuts at random places into groups of one to six. */
function ragged(card: string, dice: Dice): readonly string[] {
  const parts: string[] = []
  for (let at = 0; at < card.length;) {
    const size = 1 + dice(6)
    parts.push(card.slice(at, at + size))
    at += size
  }
  return parts
}

const JOINERS = [' ', '-', '.', '_', '·', '*', '/', ',', '，', '、', '\n', '–', '—', ':', '：', '~', '+', '|']

function lookalike(card: string): string {
  return card.replace(/(?!^)0/g, 'O').replace(/(?!^)1/g, 'l')
}

/** How merchants, their telephones and their programs write a card number. */
export const CARD_FORMATS: Readonly<Record<string, Format>> = {
  plain: (card) => card,
  'in a sentence': (card) => `客人卡号是${card}，刷不出来`,
  'between ideographs': (card) => `刷${card}没反应`,
  'after letters': (card) => `card${card}`,
  'before letters': (card) => `${card}abc`,
  ...Object.fromEntries(JOINERS.map((joiner) => [`fours by ${JSON.stringify(joiner)}`, grouped(joiner)])),
  ...Object.fromEntries(
    [' ', '-', '、', '\n'].map((joiner) => [`ones by ${JSON.stringify(joiner)}`, grouped(joiner, 1)]),
  ),
  'twos by space': grouped(' ', 2),
  'threes by dash': grouped('-', 3),
  'fives by space': grouped(' ', 5),
  'sixes by space': grouped(' ', 6),
  'eights by space': grouped(' ', 8),
  'double spaces': grouped('  '),
  'space dash space': grouped(' - '),
  tabs: grouped('\t'),
  'carriage returns': grouped('\r\n'),
  'empty lines': grouped('\n\n'),
  'no-break space': grouped('\u00a0'),
  'thin space': grouped('\u2009'),
  'ideographic space': grouped('\u3000'),
  'full-width dash': grouped('－'),
  'minus sign': grouped('−'),
  'middle dot': grouped('・'),
  brackets: (card) =>
    groups(card, 4)
      .map((part) => `(${part})`)
      .join(''),
  'zero-width space': grouped('\u200b', 1),
  'zero-width joiner': grouped('\u200d'),
  'word joiner': grouped('\u2060', 3),
  'soft hyphen': grouped('\u00ad', 2),
  'right-to-left marks': (card) => `\u202e${grouped('\u200f')(card)}\u202c`,
  'byte order mark': (card) => `\ufeff${grouped('\ufeff', 5)(card)}`,
  'NUL between': grouped('\0'),
  'lone surrogates between': grouped('\ud83d'),
  'struck through': (card) => card.replace(/\d/g, '$&\u0336'),
  'full-width': shifted(0xff10),
  'full-width in fours': (card) => grouped('　')(shifted(0xff10)(card)),
  'Arabic-Indic': shifted(0x660),
  Persian: shifted(0x6f0),
  Devanagari: shifted(0x966),
  Thai: shifted(0xe50),
  'mathematical bold': shifted(0x1d7ce),
  'mathematical monospace': shifted(0x1d7f6),
  superscript: mapped('⁰¹²³⁴⁵⁶⁷⁸⁹'),
  subscript: shifted(0x2080),
  circled: mapped('⓪①②③④⑤⑥⑦⑧⑨'),
  'circled in black': mapped('⓿❶❷❸❹❺❻❼❽❾'),
  keycaps: (card) => card.replace(/\d/g, '$&\ufe0f\u20e3'),
  'keycaps by space': (card) => grouped(' ', 1)(card).replace(/\d/g, '$&\ufe0f\u20e3'),
  'Chinese numerals': mapped(CHINESE),
  'Chinese numerals in fours': (card) => grouped(' ')(mapped(CHINESE)(card)),
  'Chinese numerals by 、': (card) => grouped('、', 1)(mapped(CHINESE)(card)),
  'financial numerals': mapped(FINANCIAL),
  'spoken numerals': mapped(SPOKEN),
  'circle for zero': (card) => mapped(CHINESE)(card).replaceAll('零', '〇'),
  'half Chinese': (card) => card.slice(0, 8) + mapped(CHINESE)(card.slice(8)),
  'every other Chinese': (card) =>
    [...card].map((digit, index) => (index % 2 === 0 ? digit : mapped(CHINESE)(digit))).join(''),
  'half full-width': (card) => card.slice(0, 6) + shifted(0xff10)(card.slice(6)),
  'look-alikes': lookalike,
  'look-alikes in fours': (card) => lookalike(grouped(' ')(card)),
  'capital I and small o': (card) => card.replace(/(?!^)0/g, 'o').replace(/(?!^)1/g, 'I'),
  'ragged by one joiner': (card, dice) => ragged(card, dice).join(pick(dice, JOINERS)),
  'ragged by any joiner': (card, dice) =>
    ragged(card, dice).reduce((text, part) => text + pick(dice, JOINERS) + part),
  'fours by any joiner': (card, dice) =>
    groups(card, 4).reduce((text, part) => text + pick(dice, JOINERS) + part),
  'two lines': (card) => `${card.slice(0, 9)}\n${card.slice(9)}`,
  'three lines': (card) => `${card.slice(0, 5)}\n${card.slice(5, 10)}\n${card.slice(10)}`,
  JSON: (card) => JSON.stringify({ pan: card, amount: 2000 }),
  'JSON list': (card) => JSON.stringify(groups(card, 4)),
  'JSON escapes': (card) => `"${card.replace(/\d/g, (digit) => `\\u003${digit}`)}"`,
  'HTML entities': (card) => card.replace(/\d/g, (digit) => `&#${String(48 + Number(digit))};`),
  'HTML spaces': grouped('&nbsp;'),
  XML: (card) => `<pan>${card}</pan>`,
  'URL path': (card) => `https://pay.example.com/cards/${card}/charge`,
  'URL query': (card) => `https://pay.example.com/?card=${card}&amount=2000`,
  'URL encoded': (card) => `https://pay.example.com/?card=${grouped('%20')(card)}&x=1`,
  'URL plus': (card) => `https://pay.example.com/?card=${grouped('+')(card)}`,
  CSV: (card) => `2024-05-01,${card},2000.00,成功`,
  'log line': (card) => `2024-05-01 12:30:05 INFO pan=${card} rc=00`,
  'amount behind': (card) => `${grouped(' ')(card)}，2000元没出票`,
  'amount before': (card) => `刷了2000元，${grouped(' ')(card)}`,
  'date before': (card) => `2024-05-01 ${grouped(' ')(card)}`,
  'telephone behind': (card) => `${card} 13800138000`,
  'telephone before': (card) => `电话13800138000，卡${card}`,
  'card behind': (card) => `${card}、4111111111111111`,
  'wrong label': (card) => `验证 ${card}`,
  twice: (card) => `${card} ${grouped('-')(card)}`,
  'track 1': (card) => `%B${card}^ZHANG/SAN^27121010000000000000?`,
  'track 1 without signs': (card) => `B${card}^ZHANG/SAN^2712101`,
  'track 2': (card) => `;${card}=27121010000012345?`,
  'track 2 of a chip': (card) => `${card}D27121010000012345F`,
  'tag 5A': (card) =>
    `9F3501225A${card.length > 16 ? '0A' : '08'}${card.padEnd(card.length > 16 ? 20 : 16, 'F')}5F24032712319F1A020156`,
  'tag 57 with spaces': (card) =>
    groups(`9F0206000000002000571${'3'}${card}D2712101${'0'.repeat(12)}F9F03`, 2).join(' '),
  'many words around': (card, dice) =>
    `${'机器没反应'.repeat(3)}${card}${'怎么办'.repeat(1 + dice(5))}${digitsOf(dice, 2)}号`,
}
