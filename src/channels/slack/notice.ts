import type { Notice } from '../../app/post-notices.ts'
import { escapeText } from './markup.ts'
import type { SlackText } from './render.ts'

const MOST_FACTS = 8

/** The card of a new ticket for the staff's channel. Pure. */
export function renderNotice(notice: Notice): Required<SlackText> {
  const { number, priority, reason, intent, moneyAtRisk, facts, link } = notice
  const head = `${priority} 新工单 ${number} · ${intent}`
  const lines = [
    `*${escapeText(head)}*`,
    escapeText(`原因：${reason}${moneyAtRisk ? '（资金结果未明，请先核实）' : ''}`),
    ...facts.slice(0, MOST_FACTS).map(([name, value]) => escapeText(`${name}：${value}`)),
    `<${link}|在工作台打开>`,
  ]
  return {
    text: escapeText(head),
    blocks: [{ type: 'section', text: { type: 'mrkdwn', text: lines.join('\n').slice(0, 3_000) } }],
  }
}
