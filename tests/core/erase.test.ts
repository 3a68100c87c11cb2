import { describe, expect, it } from 'vitest'
import type { Conversation } from '../../src/core/conversation.ts'
import { afterErasure, ERASED, erased, isErasable, withoutMerchant } from '../../src/core/erase.ts'
import { withGrant } from '../../src/core/quota.ts'
import { caseOf, clerkId, quietTalk, shop, talkId, withMessage } from '../contracts/shop-talk.ts'

const NOW = Date.UTC(2026, 10, 25, 2)
const SECRETS = ['张三面馆', '13800138000', '卡号尾号', '师傅说的', '换了卡槽', 'oMerchant0001']

const ticket = caseOf(1, {
  status: 'resolved',
  fix: '换了卡槽',
  notes: [{ seq: 1, agentId: clerkId(1), name: '小李', text: '师傅说的', at: NOW }],
  additions: ['张三面馆'],
})
const base = withMessage(quietTalk(shop(1), talkId(1)), 'wechat:1', '张三面馆 13800138000')
const talk: Conversation = {
  ...base,
  channel: 'wechat',
  reach: 'oMerchant0001',
  quota: withGrant([], 'message', NOW),
  dialogue: { ...base.dialogue, slots: { contact_phone: '13800138000' }, heard: ['卡号尾号'] },
  tickets: [
    {
      ...ticket,
      card: {
        ...ticket.card,
        slots: { contact_phone: '13800138000' },
        merchant: { ...ticket.card.merchant, name: '张三面馆' },
      },
    },
  ],
  ratings: [{ score: 5, comment: '师傅说的', at: NOW }],
  outbox: [{ seq: 2, state: 'queued', attempts: 0, nextAt: NOW, createdAt: NOW, expiresAt: NOW + 1_000 }],
}

describe('a merchant who left', () => {
  const left = withoutMerchant(talk, NOW)

  it('is sent nothing more, and cannot be reached', () => {
    expect(left.outbox).toMatchObject([{ state: 'failed', reason: 'unsubscribed' }])
    expect([left.reach, left.quota, left.leftAt]).toEqual([undefined, undefined, NOW])
  })

  it('is erased once no ticket is open', () => {
    expect(isErasable(left)).toBe(true)
    expect(isErasable(talk)).toBe(false)
    expect(isErasable({ ...left, tickets: [...left.tickets, caseOf(2)] })).toBe(false)
  })
})

describe('an erased talk', () => {
  const gone = afterErasure(erased(withoutMerchant(talk, NOW)))

  it('has nothing personal in it', () => {
    const text = JSON.stringify(gone)
    expect(SECRETS.filter((secret) => JSON.stringify(talk).includes(secret))).toEqual(SECRETS)
    expect(SECRETS.filter((secret) => text.includes(secret))).toEqual([])
    expect(text).not.toContain('收到')
  })

  it('keeps what figures, order and copies need', () => {
    expect(gone.transcript.map(({ seq, author, text }) => [seq, author, text])).toEqual([
      [1, 'merchant', ERASED],
      [2, 'bot', ERASED],
    ])
    expect(gone.dedupe).toEqual(talk.dedupe)
    expect(gone.ratings).toEqual([{ score: 5, at: NOW }])
    expect([gone.id, gone.lastSeq, gone.processedSeq]).toEqual([talk.id, 2, 1])
    const [kept] = gone.tickets
    expect([kept?.number, kept?.priority, kept?.reason]).toEqual([ticket.number, 'P3', 'tree_exhausted'])
    expect([gone.leftAt, gone.deadlines]).toEqual([undefined, []])
  })

  it('stays as it is when it is erased again', () => {
    expect(erased(gone)).toEqual(gone)
  })
})
