import type { TicketRow } from '../app/ports.ts'
import { escapeMarkup } from '../core/escape-markup.ts'
import type { Author, TranscriptLine } from '../core/transcript.ts'
import {
  CHANNEL_WORDS,
  factWords,
  MOOD_WORDS,
  STATUS_WORDS,
  stepWords,
  timeInChina,
  type Vocabulary,
  wordInFlow,
} from './desk-words.ts'

const AUTHOR_WORDS: Readonly<Record<Author, string>> = {
  merchant: '商户',
  bot: '机器人',
  agent: '客服',
  system: '系统',
}

const STYLE = `body{font:15px/1.6 system-ui,"PingFang SC","Microsoft YaHei","Noto Sans CJK SC",sans-serif;max-width:760px;
margin:24px auto;padding:0 16px;color:#1b1f23;background:#fff}h1{font-size:20px}h2{font-size:16px;margin:24px 0 8px;
border-bottom:1px solid #d0d7de}table{border-collapse:collapse;width:100%}th{text-align:start;font-weight:400;
color:#57606a;width:8em;vertical-align:top}td,th{padding:2px 8px 2px 0;overflow-wrap:anywhere}.risk{color:#b42318;
font-weight:700}.line{margin:0 0 10px;overflow-wrap:anywhere}.line b{display:block;font-size:13px;color:#57606a;
font-weight:400}.line span{white-space:pre-wrap}.system{text-align:center;color:#57606a;font-size:13px}`

type Fact = readonly [name: string, value: string | number | undefined | null]

/**
 * One ticket as a page that stands alone, for sending on: card and transcript, without the staff's private notes. All
 * that people wrote is text in it; nothing is loaded and nothing runs. Pure.
 */
export function renderTicketPage(
  row: TicketRow,
  transcript: readonly TranscriptLine[],
  words: Vocabulary,
  assignee: string | undefined,
): string {
  const { ticket } = row
  const title = `工单 ${ticket.number}`
  return `<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeMarkup(title)}</title><style>${STYLE}</style></head><body>
<h1>${escapeMarkup(title)} · ${escapeMarkup(words.intents[ticket.intent] ?? ticket.intent)}</h1>
${ticket.card.moneyAtRisk ? '<p class="risk">资金有风险：结果未明，不要让商户再刷。</p>' : ''}
${tableOf(caseFacts(row, words, assignee))}
${section(
  '已知信息',
  tableOf(
    Object.entries(ticket.card.slots).map(([id, value]) => [words.slots[id] ?? id, factWords(id, value)]),
  ),
)}
${section('问答经过', pathOf(row, words))}
${section('已试过', listOf(ticket.card.triedSteps.map((step) => stepWords(words, ticket.flow, step))))}
${section('后来补充', listOf(ticket.additions))}
${section('对话记录', transcript.map(lineOf).join('\n'))}
</body></html>
`
}

function caseFacts(
  { ticket, channel, rating }: TicketRow,
  words: Vocabulary,
  assignee: string | undefined,
): readonly Fact[] {
  const { card } = ticket
  const time = (at: number | undefined): string | undefined => (at === undefined ? at : timeInChina(at))
  return [
    ['状态', STATUS_WORDS[ticket.status]],
    ['优先级', `${ticket.priority}（${words.reasons[card.priorityReason] ?? card.priorityReason}）`],
    ['转人工原因', words.reasons[ticket.reason]],
    ['渠道', CHANNEL_WORDS[channel]],
    ['商户情绪', MOOD_WORDS[card.mood]],
    ['应答码', card.responseCode && `${card.responseCode.code} ${card.responseCode.meaning}`],
    ['接手人', assignee],
    ['创建时间', timeInChina(ticket.createdAt)],
    ['应处理时间', timeInChina(ticket.dueAt)],
    ['首次答复', time(ticket.answeredAt)],
    ['解决时间', time(ticket.resolvedAt)],
    ['解决办法', ticket.fix && stepWords(words, ticket.flow, ticket.fix)],
    ['商户评价', rating && `${rating.score} 分 ${rating.comment ?? ''}`],
  ]
}

function pathOf({ ticket: { card } }: TicketRow, words: Vocabulary): string {
  const rows = card.path.map(({ step, question, answer, said }) => {
    const known = wordInFlow(words.answers, card.flow, `${step}/${answer}`) ?? words.answers[answer] ?? answer
    const quoted = said === '' || said === known ? '' : `（原话：${said}）`
    return `${question === '' ? stepWords(words, card.flow, step) : question} → ${known}${quoted}`
  })
  return listOf(rows)
}

function section(heading: string, content: string): string {
  return content === '' ? '' : `<h2>${heading}</h2>\n${content}`
}

function tableOf(facts: readonly Fact[]): string {
  const known = facts.filter(([, value]) => value !== undefined && value !== null && value !== '')
  if (known.length === 0) return ''
  const rows = known.map(
    ([name, value]) => `<tr><th>${escapeMarkup(name)}</th><td>${escapeMarkup(String(value))}</td></tr>`,
  )
  return `<table>${rows.join('')}</table>`
}

function listOf(texts: readonly string[]): string {
  if (texts.length === 0) return ''
  return `<ol>${texts.map((text) => `<li>${escapeMarkup(text)}</li>`).join('')}</ol>`
}

function lineOf({ author, name, text, at }: TranscriptLine): string {
  if (author === 'system') return `<p class="line system">${escapeMarkup(text)} · ${timeInChina(at)}</p>`
  const who = name === undefined ? AUTHOR_WORDS[author] : `${AUTHOR_WORDS[author]} ${name}`
  return `<p class="line"><b>${escapeMarkup(who)} · ${timeInChina(at)}</b><span dir="auto">${escapeMarkup(text)}</span></p>`
}
