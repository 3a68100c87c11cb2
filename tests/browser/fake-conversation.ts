import { EventEmitter } from 'node:events'

type Author = 'merchant' | 'bot' | 'agent' | 'system'
export type FakeChoice = { readonly id: string; readonly label: string }
export type FakeLine = {
  readonly seq: number
  readonly author: Author
  readonly text: string
  readonly choices?: readonly FakeChoice[]
  readonly at: string
}
type Reply = { readonly text: string; readonly choices?: readonly FakeChoice[] }

export const GREETING = '您好，我是POS售后助手，请问遇到什么问题？'

const YES_NO = [
  { id: 'yes', label: '能读' },
  { id: 'no', label: '不能读' },
] as const

/** What the bot of the fake server says. Anything else is repeated back. */
const REPLIES = new Map<string, Reply>([
  ['刷卡提示卡片故障', { text: '请换一张别的银行卡试读，读到后按取消即可，那张能读吗？', choices: YES_NO }],
  [
    '不能读',
    {
      text: '插卡、刷卡、挥卡，哪一种读不了？',
      choices: [
        { id: 'chip', label: '插卡读不了' },
        { id: 'stripe', label: '刷磁条读不了' },
        { id: 'tap', label: '挥卡或手机感应不到' },
        { id: 'all', label: '都读不了' },
      ],
    },
  ],
  ['能读', { text: '那是原来那张卡的问题，请顾客换卡或换付款方式。还有其他问题吗？' }],
  [
    '都读不了',
    { text: '请确认卡槽没有异物，用POS专用清洁卡清洁一次，再试一张卡，可以读了吗？', choices: YES_NO },
  ],
])

/** One merchant's talk as the contract has it: seq 1, 2, 3 …, a repeated clientMsgId changes nothing. */
export class FakeConversation extends EventEmitter {
  readonly lines: FakeLine[] = []
  readonly seqByClientMsgId = new Map<string, number>()
  processedSeq = 0
  holder: 'bot' | 'queue' | 'agent' = 'bot'
  /** While true the bot answers nothing; `finishThinking` gives all its answers. */
  isThinking = false
  readonly #pending: (() => void)[] = []

  get lastSeq(): number {
    return this.lines.length
  }

  get status(): object {
    return { processedSeq: this.processedSeq, holder: this.holder }
  }

  say(author: Author, text: string, choices?: readonly FakeChoice[]): FakeLine {
    const line = { seq: this.lastSeq + 1, author, text, at: new Date().toISOString() }
    const stored = choices === undefined ? line : { ...line, choices }
    this.lines.push(stored)
    this.emit('line', stored)
    return stored
  }

  setHolder(holder: 'bot' | 'queue' | 'agent'): void {
    this.holder = holder
    this.emit('status')
  }

  receive(clientMsgId: string, words: { text?: string; choice?: { id: string; promptSeq: number } }): number {
    const known = this.seqByClientMsgId.get(clientMsgId)
    if (known !== undefined) return known
    if (this.lastSeq === 0) this.say('bot', GREETING)
    const text = words.text ?? this.#labelOf(words.choice)
    const { seq } = this.say('merchant', text.replace(/\d{12}(\d{4})/g, '[卡号****$1]'))
    this.seqByClientMsgId.set(clientMsgId, seq)
    if (this.isThinking) this.#pending.push(() => this.#answer(seq, text))
    else this.#answer(seq, text)
    return seq
  }

  finishThinking(): void {
    this.isThinking = false
    for (const answer of this.#pending.splice(0)) answer()
  }

  #labelOf(choice: { id: string; promptSeq: number } | undefined): string {
    const prompt = this.lines.find((line) => line.seq === choice?.promptSeq)
    return prompt?.choices?.find((offered) => offered.id === choice?.id)?.label ?? choice?.id ?? ''
  }

  #answer(seq: number, text: string): void {
    if (this.holder === 'bot') {
      if (text === '转人工') {
        this.holder = 'queue'
        this.say('bot', '好的，马上为您转人工。')
      } else {
        const reply = REPLIES.get(text) ?? { text: `收到：${text}` }
        this.say('bot', reply.text, reply.choices)
      }
    }
    this.processedSeq = Math.max(this.processedSeq, seq)
    this.emit('status')
  }
}
