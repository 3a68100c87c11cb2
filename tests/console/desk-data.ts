export type FakeTicket = {
  readonly id: string
  readonly number: string
  readonly epoch: number
  readonly status: 'open' | 'claimed' | 'waiting' | 'resolved'
  readonly priority: 'P1' | 'P2' | 'P3' | 'P4'
  readonly reason: string
  readonly intent: string
  readonly flow: string | null
  readonly lastStep: string | null
  readonly assignee?: string
  readonly assigneeName?: string
  readonly channel: string
  readonly conversationId: string
  readonly createdAt: string
  readonly dueAt: string
  readonly version: number
}

const MINUTE = 60_000
const ago = (minutes: number): string => new Date(Date.now() - minutes * MINUTE).toISOString()

function ticket(id: string, minutes: number, part: Partial<FakeTicket>): FakeTicket {
  return {
    id,
    number: `PD-${String(1000 + Number(id.slice(1)))}`,
    epoch: 1,
    status: 'open',
    priority: 'P3',
    reason: 'tree_exhausted',
    intent: 'card_fault',
    flow: 'card_fault',
    lastStep: 'CF5',
    channel: 'web',
    conversationId: `c-${id}`,
    createdAt: ago(minutes),
    dueAt: ago(minutes - 30),
    version: 1,
    ...part,
  }
}

/** A queue with one of each: late, free, a colleague's, resolved. */
export function tickets(): FakeTicket[] {
  return [
    ticket('t1', 47, {
      priority: 'P1',
      reason: 'money_at_risk',
      intent: 'charged_no_slip',
      flow: 'charged_no_slip',
    }),
    ticket('t2', 12, { priority: 'P2', reason: 'needs_staff', intent: 'terminal_locked', channel: 'wechat' }),
    ticket('t3', 8, { reason: 'asked_for_human' }),
    ticket('t4', 180, {
      priority: 'P4',
      status: 'claimed',
      assignee: 'a2',
      assigneeName: '王建国',
      intent: 'refund_void',
    }),
    ticket('t5', 65, {
      status: 'waiting',
      assignee: 'a1',
      assigneeName: '林小雨',
      intent: 'printer_problem',
    }),
    ticket('t6', 3000, { status: 'resolved', assignee: 'a1', assigneeName: '林小雨' }),
  ]
}

export const HOSTILE = '<img src=x onerror="document.title=\'run\'">'

export function cases() {
  const lines = [
    ['merchant', '客人收到扣款短信了，机器没出票'],
    ['bot', '别着急，先不要再刷。机器屏幕上显示的是什么？'],
    ['merchant', '显示交易超时'],
    ['bot', '请问这笔金额是多少元？大概几点刷的？'],
    ['merchant', '三百八，两点十分左右'],
    ['merchant', HOSTILE],
    ['system', '已转人工，工单 PD-1001'],
  ] as const
  return {
    card: {
      intent: 'charged_no_slip',
      confidence: 0.93,
      flow: 'charged_no_slip',
      path: [
        { step: 'CN1', question: '机器屏幕上显示的是什么？', answer: 'timeout', said: '显示交易超时' },
        { step: 'CN2', question: '能在交易查询里找到这一笔吗？', answer: 'no', said: '找不到' },
      ],
      triedSteps: ['charged_no_slip/CN1', 'charged_no_slip/CN2'],
      nextUntriedStep: 'CN3',
      slots: {
        amount: 380,
        txn_time: '2026-11-26 14:10',
        terminal_id: '10203040',
        contact_phone: '13800001234',
      },
      responseCode: { code: '98', meaning: '银联收不到发卡行应答', class: 'unknown_result' },
      moneyAtRisk: true,
      mood: 'annoyed',
      priority: 'P1',
      priorityReason: 'money_at_risk',
      merchant: { id: 'm1', channel: 'web', name: '张老板', conversations: 3 },
    },
    transcript: lines.map(([author, text], index) => ({ seq: index + 1, author, text, at: ago(50 - index) })),
    notes: [{ seq: 1, name: '王建国', text: '已请结算组核查', at: ago(40) }],
    additions: ['补充：客人是工行的卡'],
  }
}

type Past = {
  readonly id: string
  readonly channel: string
  readonly startedAt: string
  readonly lastAt: string
  readonly intent: string | null
  readonly leftIn: string | null
  readonly solved: readonly object[]
  readonly tickets: readonly object[]
}

/** A merchant's earlier visits: a resolved ticket, a problem the bot solved, a mere question, a talk left. */
export function history() {
  const past = (id: string, days: number): Past => ({
    id,
    channel: 'web',
    startedAt: ago(days * 1440),
    lastAt: ago(days * 1440),
    intent: null,
    leftIn: null,
    solved: [],
    tickets: [],
  })
  const done = {
    ...ticket('t6', 3000, { status: 'resolved', assignee: 'a1', assigneeName: '林小雨' }),
    flow: 'charged_no_slip',
    fix: 'CN3',
    rating: { score: 4, comment: '挺快' },
  }
  return {
    conversations: [
      { ...past('c-t1', 0), tickets: [ticket('t1', 47, { intent: 'charged_no_slip' })] },
      { ...past('c-t6', 2), tickets: [done] },
      {
        ...past('c-old', 5),
        solved: [{ intent: 'printer_problem', flow: 'printer_problem', at: ago(7200) }],
        rating: { score: 5 },
      },
      past('c-asked', 9),
      { ...past('c-left', 30), leftIn: 'card_fault' },
    ],
    sameTerminal: [ticket('t3', 8, {})],
    next: null,
  }
}

export const vocabulary = {
  intents: {
    charged_no_slip: '扣款未出票',
    card_fault: '卡片故障',
    terminal_locked: '终端锁机自毁',
    refund_void: '撤销退货',
    printer_problem: '打印问题',
  },
  flows: { card_fault: '卡片故障' },
  steps: {
    'charged_no_slip/CN1': '查看屏幕提示',
    'charged_no_slip/CN2': '交易查询里找这一笔',
    'charged_no_slip/CN3': '查看批结算总计里是否有这一笔',
  },
  actions: {
    'charged_no_slip/CN1': '看屏幕提示',
    'charged_no_slip/CN3': '看批结算总计',
  },
  answers: { 'charged_no_slip/CN1/timeout': '提示超时', no: '否' },
  slots: {},
  reasons: {},
}
