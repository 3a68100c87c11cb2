import type { StaffMember, TicketRow } from '../app/ports.ts'
import {
  CHANNEL_WORDS,
  factWords,
  STATUS_WORDS,
  stepWords,
  timeInChina,
  type Vocabulary,
} from './desk-words.ts'

/** Says UTF-8 to spreadsheets that otherwise take Chinese for GBK. */
export const BYTE_ORDER_MARK = '\uFEFF'

/** Slots with a column of their own. */
const SLOTS = ['terminal_id', 'terminal_sn', 'merchant_id', 'amount', 'txn_time', 'ref_no', 'error_code']
const CONTACT = ['contact_name', 'contact_phone']

type Column = readonly [heading: string, valueOf: (row: TicketRow) => string | number | undefined]

/** Writes tickets as lines of a table for spreadsheets: first `head`, then `lines` for each page. */
export class TicketsCsv {
  readonly #columns: readonly Column[]

  constructor(words: Vocabulary, staff: readonly StaffMember[]) {
    this.#columns = columnsOf(words, new Map(staff.map(({ id, name }) => [id, name])))
  }

  get head(): string {
    return BYTE_ORDER_MARK + lineOf(this.#columns.map(([heading]) => heading))
  }

  lines(rows: readonly TicketRow[]): string {
    return rows.map((row) => lineOf(this.#columns.map(([, valueOf]) => valueOf(row)))).join('')
  }
}

function columnsOf(words: Vocabulary, names: ReadonlyMap<string, string>): readonly Column[] {
  const slot = (id: string): Column => [
    words.slots[id] ?? id,
    ({ ticket: { card } }) => {
      const value = card.slots[id]
      return value === undefined ? value : factWords(id, value)
    },
  ]
  const time = (at: number | undefined): string => (at === undefined ? '' : timeInChina(at))
  return [
    ['工单号', ({ ticket }) => ticket.number],
    ['状态', ({ ticket }) => STATUS_WORDS[ticket.status]],
    ['优先级', ({ ticket }) => ticket.priority],
    ['转人工原因', ({ ticket }) => words.reasons[ticket.reason]],
    ['问题', ({ ticket }) => words.intents[ticket.intent] ?? ticket.intent],
    ['排查流程', ({ ticket: { flow } }) => (flow === null ? '' : (words.flows[flow] ?? flow))],
    ['资金风险', ({ ticket }) => (ticket.card.moneyAtRisk ? '是' : '')],
    ['渠道', ({ channel }) => CHANNEL_WORDS[channel]],
    ['接手人', ({ ticket }) => names.get(ticket.assignee ?? '')],
    ['创建时间', ({ ticket }) => time(ticket.createdAt)],
    ['应处理时间', ({ ticket }) => time(ticket.dueAt)],
    ['首次答复', ({ ticket }) => time(ticket.answeredAt)],
    ['解决时间', ({ ticket }) => time(ticket.resolvedAt)],
    ['超时', ({ ticket }) => (ticket.isLate === true ? '是' : '')],
    ['解决办法', ({ ticket: { fix, flow } }) => fix && stepWords(words, flow, fix)],
    ['评分', ({ rating }) => rating?.score],
    ['评价', ({ rating }) => rating?.comment],
    ...[...SLOTS, ...CONTACT].map(slot),
    ['后来补充', ({ ticket }) => ticket.additions.join('；')],
  ]
}

function lineOf(cells: readonly (string | number | undefined)[]): string {
  return `${cells.map(cellOf).join(',')}\r\n`
}

/** What a spreadsheet takes for a formula (also after blanks, and in full width), and long or zero-led numbers it would round. */
const COMPUTED = /^[\s\u200b\ufeff]*[=+\-@＝＋－＠|\t\r]|^0\d|^\d{12,}$/u

/**
 * One cell, always quoted. Text that a spreadsheet would compute or change gets a `'` before it; a number of ours is none
 * of that. Pure.
 */
export function cellOf(value: string | number | undefined): string {
  if (typeof value === 'number') return `"${value}"`
  const text = value ?? ''
  return `"${(COMPUTED.test(text) ? `'${text}` : text).replaceAll('"', '""')}"`
}
