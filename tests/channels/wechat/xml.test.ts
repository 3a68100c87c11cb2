import { describe, expect, it } from 'vitest'
import { cdata, readXmlFields } from '../../../src/channels/wechat/xml.ts'
import { AppError } from '../../../src/core/errors.ts'

const fieldsOf = (inside: string): Record<string, string> =>
  Object.fromEntries(readXmlFields(`<xml>${inside}</xml>`))

describe('reading', () => {
  it.each([
    ['numbers as they were written', '<Content>007</Content>', '007'],
    ['long numbers whole', '<Content>24012345678901234567</Content>', '24012345678901234567'],
    ['blanks', '<Content><![CDATA[  a  ]]></Content>', '  a  '],
    ['entities', '<Content>&amp;&lt;&#65;</Content>', '&amp;&lt;&#65;'],
    ['what looks like XML', '<Content><![CDATA[<b a="1">&</b>]]></Content>', '<b a="1">&</b>'],
    ['character data in two parts', '<Content><![CDATA[a]]]]><![CDATA[>b]]></Content>', 'a]]>b'],
    ['nothing', '<Content><![CDATA[]]></Content>', ''],
    ['true', '<Content>true</Content>', 'true'],
  ])('keeps %s', (_name, inside, content) => {
    expect(fieldsOf(inside)).toEqual({ Content: content })
  })

  it('leaves out what is nested, and what stands between fields', () => {
    expect(fieldsOf('\n <A>1</A> \n<B><C>2</C></B>x')).toEqual({ A: '1' })
  })

  it('takes no prototype for a field', () => {
    const evil = '<__proto__><x>1</x></__proto__><constructor>2</constructor><toString>3</toString>'
    const fields = readXmlFieldsOrNothing(`<xml>${evil}<A>1</A></xml>`)
    expect([undefined, '1']).toContain(fields?.get('A'))
    expect(Reflect.get({}, 'x')).toBeUndefined()
  })

  it.each([
    ['no XML', 'hello'],
    ['JSON', '{"a":1}'],
    ['nothing', ''],
    ['another root', '<html><a>1</a></html>'],
    ['an empty root', '<xml></xml>x'],
    ['a field twice', '<xml><A>1</A><A>2</A></xml>'],
    ['two roots', '<xml><A>1</A></xml><xml><A>2</A></xml>'],
  ])('refuses or empties %s', (_name, text) => {
    expect(readXmlFieldsOrNothing(text)?.size ?? 0).toBe(0)
  })
})

describe('attacks', () => {
  const laughs = Array.from({ length: 10 }, (_, n) => `<!ENTITY l${n} "${`&l${n - 1};`.repeat(10)}">`).join(
    '',
  )
  const documents: [string, string][] = [
    ['an external file', '<!DOCTYPE xml [<!ENTITY x SYSTEM "file:///etc/passwd">]><xml><A>&x;</A></xml>'],
    [
      'an external address',
      '<!DOCTYPE xml [<!ENTITY x SYSTEM "http://127.0.0.1:9/x">]><xml><A>&x;</A></xml>',
    ],
    [
      'a parameter entity',
      '<!DOCTYPE xml [<!ENTITY % x SYSTEM "http://127.0.0.1:9/">%x;]><xml><A>1</A></xml>',
    ],
    ['an external type', '<!DOCTYPE xml SYSTEM "http://127.0.0.1:9/x.dtd"><xml><A>1</A></xml>'],
    ['a type in small letters', '<!doctype xml><xml><A>1</A></xml>'],
    ['a type after a blank', '<! DOCTYPE xml><xml><A>1</A></xml>'],
    ['a billion laughs', `<!DOCTYPE xml [${laughs}]><xml><A>&l9;</A></xml>`],
    [
      'a quadratic blow-up',
      `<!DOCTYPE xml [<!ENTITY a "${'a'.repeat(30_000)}">]><xml><A>${'&a;'.repeat(9_000)}</A></xml>`,
    ],
    ['an entity inside', '<xml><!ENTITY x "1"><A>&x;</A></xml>'],
    ['depth', `<xml>${'<a>'.repeat(20_000)}${'</a>'.repeat(20_000)}</xml>`],
    ['depth without an end', `<xml>${'<a>'.repeat(20_000)}`],
    ['UTF-16 read as UTF-8', Buffer.from('<xml><A>1</A></xml>', 'utf16le').toString('utf8')],
    ['character data without an end', '<xml><A><![CDATA[x</A></xml>'],
    ['a comment without an end', '<xml><A>1</A><!-- x</xml>'],
    ['a tag without an end', '<xml><A>1</A'],
  ]

  it.each(documents)('refuses %s, at once', (_name, text) => {
    expect(() => readXmlFields(text)).toThrow(AppError)
    expect(quickest(() => readXmlFieldsOrNothing(text))).toBeLessThan(50)
  })

  it.each([
    ['references', `<xml><A>${'&x;'.repeat(20_000)}</A></xml>`, true],
    ['attributes', `<xml ${'a="1" '.repeat(10_000)}><A>1</A></xml>`, true],
    ['brackets in character data', `<xml><A><![CDATA[${'<a>'.repeat(20_000)}]]></A></xml>`, true],
    ['empty fields', `<xml>${'<a/>'.repeat(15_000)}</xml>`, false],
    ['fields', `<xml>${Array.from({ length: 8_000 }, (_, n) => `<a${n}/>`).join('')}</xml>`, false],
    ['nested fields', `<xml>${`${'<a>'.repeat(6)}${'</a>'.repeat(6)}`.repeat(1_500)}</xml>`, false],
    ['instructions', `<xml><A>${'<?x y?>'.repeat(9_000)}</A></xml>`, false],
    ['parts of character data', `<xml><A>${'<![CDATA[x]]>'.repeat(4_500)}</A></xml>`, false],
    ['character data without an end', `<xml><A>${'<![CDATA['.repeat(7_000)}</A></xml>`, false],
  ])('is held up by no heap of %s', (_name, text, isTaken) => {
    expect(readXmlFieldsOrNothing(text) !== undefined).toBe(isTaken)
    expect(quickest(() => readXmlFieldsOrNothing(text))).toBeLessThan(50)
  })
})

describe('writing', () => {
  it.each(['a', '', ']]>', ']]]]>>', '<![CDATA[x]]>', 'a & <b>', '\n'])(
    'character data ends where it ends: %j',
    (text) => {
      expect(fieldsOf(`<Content>${cdata(text)}</Content>`)).toEqual({ Content: text })
    },
  )
})

/** Milliseconds of the quickest of five runs: what the work takes, not what else the machine does. */
function quickest(work: () => unknown): number {
  const times = Array.from({ length: 5 }, () => {
    const startedAt = performance.now()
    work()
    return performance.now() - startedAt
  })
  return Math.min(...times)
}

function readXmlFieldsOrNothing(text: string): ReadonlyMap<string, string> | undefined {
  try {
    return readXmlFields(text)
  } catch (error) {
    if (error instanceof AppError) return undefined
    throw error
  }
}
