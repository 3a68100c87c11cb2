import { describe, expect, it } from 'vitest'
import {
  parseGrant,
  parseJson,
  parseKeptGrant,
  parseKeptMessage,
  parseLine,
  parsePage,
  parseStatus,
} from '../../src/widget/panel/wire.ts'

const TOKEN = 'a'.repeat(64)

describe('what the server and the storage say', () => {
  it('reads a line with its choices and its time', () => {
    const line = { seq: 4, author: 'bot', text: '能读吗？', choices: [{ id: 'yes', label: '能读' }] }
    expect(parseLine({ ...line, at: '2026-11-25T08:00:00+08:00' })).toEqual({
      ...line,
      at: Date.UTC(2026, 10, 25),
    })
  })

  it.each([
    ['no object', 'text'],
    ['unknown author', { seq: 1, author: 'root', text: '', at: '2026-11-25T00:00:00Z' }],
    ['seq that is no whole number', { seq: 1.5, author: 'bot', text: '', at: '2026-11-25T00:00:00Z' }],
    ['text that is no text', { seq: 1, author: 'bot', text: { toString: 'x' }, at: '2026-11-25T00:00:00Z' }],
    ['unreadable time', { seq: 1, author: 'bot', text: '', at: 'yesterday' }],
  ])('refuses a line with %s', (_, value) => {
    expect(parseLine(value)).toBeUndefined()
  })

  it('leaves unreadable lines out of a page and keeps the rest', () => {
    const good = { seq: 1, author: 'bot', text: '您好', at: '2026-11-25T00:00:00Z' }
    const page = parsePage({ messages: [good, null], lastSeq: 2, processedSeq: 2, holder: 'queue' })
    expect(page?.lines.map((line) => line.seq)).toEqual([1])
    expect(page?.status).toEqual({ processedSeq: 2, holder: 'queue' })
  })

  it('takes from a status only what is usable', () => {
    expect(parseStatus({ processedSeq: -1, holder: 'nobody' })).toEqual({})
    expect(parseStatus(undefined)).toEqual({})
  })

  it('refuses a token that could break out of its header', () => {
    expect(parseGrant({ sessionToken: `${TOKEN}\r\nX: y`, conversationId: 'c' })).toBeUndefined()
    expect(parseGrant({ sessionToken: 'short', conversationId: 'c' })).toBeUndefined()
  })

  it('keeps a session over the storage', () => {
    const config = { greeting: '您好', name: '示例支付', hotline: '400-000-0000', locale: 'zh-CN' }
    const grant = parseGrant({ sessionToken: TOKEN, conversationId: 'c', lastSeq: 0, config })
    expect(grant).toMatchObject({ token: TOKEN, greeting: '您好', providerName: '示例支付' })
    expect(parseKeptGrant(parseJson(JSON.stringify(grant)))).toEqual(grant)
    expect(parseKeptGrant(parseJson('{"token":"x"}'))).toBeUndefined()
  })

  it('refuses a kept message that was tampered with', () => {
    expect(
      parseKeptMessage({ id: 'm', content: { kind: 'script' }, createdAt: 1, afterSeq: 0 }),
    ).toBeUndefined()
    expect(parseJson('{')).toBeUndefined()
  })
})
