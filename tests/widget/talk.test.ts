import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { openPrompt, toRows } from '../../src/widget/panel/rows.ts'
import {
  emptyTalk,
  isAnswerDue,
  withLines,
  withMessage,
  withNewSession,
  withOutgoing,
  withStatus,
  withStored,
} from '../../src/widget/panel/talk.ts'
import type { LineRow } from '../../src/widget/panel/rows.ts'
import type { Outgoing, Talk } from '../../src/widget/panel/talk.ts'
import type { Author, Line } from '../../src/widget/panel/wire.ts'

const NOON = new Date(2026, 10, 25, 12, 0).getTime()
const CHOICES = [
  { id: 'yes', label: '能读' },
  { id: 'no', label: '不能读' },
]

function line(seq: number, author: Author, text: string, at = NOON + seq * 1_000): Line {
  return { seq, author, text, at }
}

function outgoing(id: string, text: string, change: Partial<Outgoing> = {}): Outgoing {
  const content = { kind: 'text', text } as const
  return {
    id,
    content,
    createdAt: NOON,
    afterSeq: 0,
    attempted: true,
    state: 'sending',
    problem: undefined,
    ...change,
  }
}

const started: Talk = { ...emptyTalk(), loaded: true, greeting: { text: '您好', at: NOON } }

function lineRows(talk: Talk): LineRow[] {
  return toRows(talk).flatMap((row) => (row.kind === 'line' ? [row] : []))
}

const texts = (talk: Talk) => lineRows(talk).map((row) => row.text)

describe('the greeting', () => {
  it('is shown before anything is stored, and once when its stored line comes', () => {
    expect(texts(started)).toEqual(['您好'])
    const talk = withLines(started, [line(1, 'bot', '您好'), line(2, 'merchant', '在吗')])
    expect(texts(talk)).toEqual(['您好', '在吗'])
  })

  it('keeps its place on the screen, so that it is not read out again', () => {
    const [before] = lineRows(started)
    const [after] = lineRows(withLines(started, [line(1, 'bot', '您好！')]))
    expect(after?.key).toBe(before?.key)
    expect(after?.text).toBe('您好！')
  })

  it('waits until the history is known to be empty', () => {
    expect(texts({ ...started, loaded: false })).toEqual([])
    expect(texts(withLines(started, [line(41, 'bot', '还有其他问题吗？')]))).toEqual(['还有其他问题吗？'])
  })
})

describe('our own messages', () => {
  const sent = withOutgoing(started, outgoing('m1', '刷卡失败'))

  it('are shown once when the answer comes before the line', () => {
    const answered = withStored(sent, 'm1', 2)
    const both = withLines(answered, [line(1, 'bot', '您好'), line(2, 'merchant', '刷卡失败')])
    expect(texts(answered)).toEqual(['您好', '刷卡失败'])
    expect(texts(both)).toEqual(['您好', '刷卡失败'])
    expect(both.outgoing).toEqual([])
  })

  it('are shown once when the line comes before the answer, in the same place before and after', () => {
    const early = withLines(sent, [
      line(1, 'bot', '您好'),
      line(2, 'merchant', '刷卡失败'),
      line(3, 'bot', '好'),
    ])
    expect(texts(early)).toEqual(['您好', '刷卡失败', '好'])
    const settled = withStored(early, 'm1', 2)
    expect(texts(settled)).toEqual(['您好', '刷卡失败', '好'])
    expect(lineRows(settled).map((row) => row.key)).toEqual(lineRows(early).map((row) => row.key))
  })

  it('are recognised when the server has masked them', () => {
    const talk = withOutgoing(started, outgoing('m1', '卡号 6200000000000005'))
    const early = withLines(talk, [line(1, 'bot', '您好'), line(2, 'merchant', '卡号 [卡号****0005]')])
    expect(texts(early)).toEqual(['您好', '卡号 [卡号****0005]'])
  })

  it('stay visible beside what another tab has written meanwhile', () => {
    const other = withLines(sent, [line(1, 'bot', '您好'), line(2, 'merchant', '另一个窗口')])
    expect(texts(other)).toEqual(['您好', '另一个窗口', '刷卡失败'])
  })

  it('come apart again when a guess was wrong', () => {
    const talk = withLines(withOutgoing(started, outgoing('m1', '好的')), [
      line(1, 'bot', '您好'),
      line(2, 'merchant', '好的'),
    ])
    expect(texts(talk)).toEqual(['您好', '好的'])
    expect(texts(withStored(talk, 'm1', 3))).toEqual(['您好', '好的', '好的'])
  })

  it('stay in place when refused, while later ones go on', () => {
    const refused = withMessage(sent, 'm1', (message) => ({ ...message, state: 'failed', problem: '太长' }))
    const talk = withLines(refused, [line(1, 'bot', '您好'), line(2, 'merchant', '短一点')])
    expect(texts(talk)).toEqual(['您好', '刷卡失败', '短一点'])
    expect(lineRows(talk)[1]?.send).toEqual({ id: 'm1', state: 'failed', problem: '太长' })
  })

  it('go over to a new session as text, and without a claim on its lines', () => {
    const choice = outgoing('m2', '', {
      content: { kind: 'choice', id: 'no', promptSeq: 7, label: '不能读' },
      afterSeq: 8,
    })
    const before = withOutgoing(withStored(withLines(sent, [line(1, 'bot', '您好')]), 'm1', 2), choice)
    const after = withNewSession(before)
    expect(after.lines).toEqual([])
    expect(after.outgoing).toEqual([
      { ...choice, content: { kind: 'text', text: '不能读' }, afterSeq: 0, attempted: false },
    ])
    expect(toRows(after)[0]?.kind).toBe('restart')
  })
})

/** What can happen to three messages of ours and one of another tab, in any order and any number of times. */
type Happening = { readonly kind: 'line' | 'answer' | 'status'; readonly index: number }

describe('whatever the order of lines, answers and repeats', () => {
  const ours = ['一', '二', '三']
  const stored: Line[] = [
    line(1, 'bot', '您好'),
    line(2, 'merchant', '一'),
    line(3, 'bot', '收到一'),
    line(4, 'merchant', '别处'),
    line(5, 'merchant', '二'),
    line(6, 'bot', '收到二'),
    line(7, 'merchant', '三'),
  ]
  const seqOf = new Map([
    [0, 2],
    [1, 5],
    [2, 7],
  ])
  const happening: fc.Arbitrary<Happening> = fc.record({
    kind: fc.constantFrom('line', 'answer', 'status'),
    index: fc.nat(6),
  })
  const apply = (talk: Talk, { kind, index }: Happening): Talk => {
    const one = stored[index]
    if (kind === 'line' && one !== undefined) return withLines(talk, [one])
    const seq = seqOf.get(index)
    if (kind === 'answer' && seq !== undefined) return withStored(talk, `m${String(index)}`, seq)
    return withStatus(talk, { processedSeq: index })
  }

  it('each of our messages is seen exactly once, and in the end all lines are, in order', () => {
    const start = ours.reduce(
      (talk, text, index) => withOutgoing(talk, outgoing(`m${String(index)}`, text)),
      started,
    )
    fc.assert(
      fc.property(fc.array(happening, { maxLength: 30 }), (happenings) => {
        let talk = start
        for (const next of happenings) {
          talk = apply(talk, next)
          for (const text of ours) expect(texts(talk).filter((shown) => shown === text)).toHaveLength(1)
          const keys = toRows(talk).map((row) => row.key)
          expect(new Set(keys).size).toBe(keys.length)
        }
        talk = withLines(talk, stored)
        for (const [index, seq] of seqOf) talk = withStored(talk, `m${String(index)}`, seq)
        expect(texts(talk)).toEqual(stored.map(({ text }) => text))
        expect(talk.outgoing).toEqual([])
      }),
      { seed: 7, numRuns: 500 },
    )
  })
})

describe('rows', () => {
  it('tell the time at the start, after a pause and on a new day', () => {
    const talk = withLines(started, [
      line(1, 'bot', '您好', NOON),
      line(2, 'merchant', '在吗', NOON + 4 * 60_000),
      line(3, 'bot', '在', NOON + 10 * 60_000),
      line(4, 'merchant', '早', NOON + 20 * 3_600_000),
    ])
    expect(toRows(talk).map((row) => (row.kind === 'time' ? `time ${String(row.newDay)}` : row.key))).toEqual(
      ['time true', 'greeting', 'seq-2', 'time false', 'seq-3', 'time true', 'seq-4'],
    )
  })

  it('name an author once for lines in a row', () => {
    const talk = withLines(started, [
      line(1, 'bot', '您好'),
      line(2, 'bot', '请说'),
      line(3, 'agent', '我是小陈'),
    ])
    expect(lineRows(talk).map((row) => row.opensGroup)).toEqual([true, false, true])
  })
})

describe('the open question', () => {
  const asked = withLines(started, [
    line(1, 'bot', '您好'),
    line(2, 'merchant', '卡片故障'),
    { ...line(3, 'bot', '那张能读吗？'), choices: CHOICES },
  ])

  it('is the newest one with choices, also when the bot has said more since', () => {
    expect(openPrompt(asked)).toEqual({ seq: 3, choices: CHOICES })
    expect(openPrompt(withLines(asked, [line(4, 'bot', '请稍等')]))?.seq).toBe(3)
  })

  it('closes when the merchant answers, before the server has heard of it', () => {
    expect(openPrompt(withOutgoing(asked, outgoing('m', '能读', { state: 'waiting' })))).toBeUndefined()
    expect(openPrompt(withLines(asked, [line(4, 'merchant', '能读')]))).toBeUndefined()
  })

  it('stays open when the answer was refused, and closes when an agent takes over', () => {
    expect(openPrompt(withOutgoing(asked, outgoing('m', '', { state: 'failed' })))?.seq).toBe(3)
    expect(openPrompt(withStatus(asked, { holder: 'agent' }))).toBeUndefined()
  })
})

describe('an answer', () => {
  it('is due from sending until the turn is complete', () => {
    const sending = withOutgoing(started, outgoing('m1', '在吗'))
    const answered = withStored(sending, 'm1', 2)
    expect([started, sending, answered].map(isAnswerDue)).toEqual([false, true, true])
    const heard = withLines(answered, [line(1, 'bot', '您好'), line(2, 'merchant', '在吗')])
    expect(isAnswerDue(heard)).toBe(true)
    expect(isAnswerDue(withStatus(heard, { processedSeq: 2 }))).toBe(false)
  })

  it('is not due from the bot while an agent answers, nor for what did not get through', () => {
    const waiting = withLines(started, [line(2, 'merchant', '在吗')])
    expect(isAnswerDue(withStatus(waiting, { holder: 'agent' }))).toBe(false)
    expect(isAnswerDue(withOutgoing(started, outgoing('m1', '在吗', { state: 'delayed' })))).toBe(false)
  })

  it('never becomes due again by an older status', () => {
    const done = withStatus(started, { processedSeq: 9 })
    expect(withStatus(done, { processedSeq: 4 }).processedSeq).toBe(9)
  })

  it('names who serves as long as the server says so, and forgets them with a whole status', () => {
    const served = withStatus(started, { holder: 'agent', serving: { name: '小李', isHere: true } })
    expect(served.serving).toEqual({ name: '小李', isHere: true })
    expect(withStatus(served, { processedSeq: 3 }).serving).toEqual({ name: '小李', isHere: true })
    expect(withStatus(served, { holder: 'bot' }).serving).toBeUndefined()
  })
})
