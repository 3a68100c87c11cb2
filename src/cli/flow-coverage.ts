import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { createIds, systemClock } from '../app/ids.ts'
import type { InboundMessage, Received } from '../app/channel-ports.ts'
import { receiveMessage, type TurnReport } from '../app/receive-message.ts'
import type { Content } from '../core/content.ts'
import { AppError } from '../core/errors.ts'
import type { Flow } from '../core/flow/flow.ts'
import { speaksOf } from '../core/turn/interrupts.ts'
import { openLowdbStore } from '../store/lowdb/open.ts'

/** What the conversation tests come by of one flow, as `STEP=answer` and as ends. */
export type FlowCoverage = {
  readonly flow: string
  readonly conversations: number
  readonly answers: readonly string[]
  readonly missingAnswers: readonly string[]
  readonly ends: readonly string[]
  readonly missingEnds: readonly string[]
}

export type Coverage = {
  readonly flows: readonly FlowCoverage[]
  readonly interrupts: readonly string[]
  readonly missingInterrupts: readonly string[]
}

const MERCHANT = /^merchant>\s?(.*)$/u
const BUTTON = /^\[(.+)\]$/u

/**
 * Talks through every conversation test of a folder and notes which answers and ends of which flows, and which
 * interrupts, it comes by. The tests themselves say whether the bot's words are right. Throws `invalid` when the
 * folder holds none.
 */
export async function measureCoverage(content: Content, folder: string): Promise<Coverage> {
  const files = readdirSync(folder).filter((name) => name.endsWith('.chat'))
  if (files.length === 0)
    throw new AppError('invalid', `${folder}: no .chat files; write some with chat and /save`)
  const storeFolder = mkdtempSync(join(tmpdir(), 'posdesk-coverage-'))
  const store = await openLowdbStore(storeFolder, { clock: systemClock })
  const answers = new Set<string>()
  const ends = new Set<string>()
  const interrupts = new Set<string>()
  const talks = new Map<string, Set<string>>()
  let file = ''
  const note = ({ conversation, effects }: TurnReport): void => {
    for (const { flow, step, answer } of conversation.dialogue.path) answers.add(`${flow}/${step}=${answer}`)
    for (const { flow } of [...conversation.dialogue.path, ...conversation.dialogue.stack])
      talks.set(flow, (talks.get(flow) ?? new Set()).add(file))
    for (const effect of effects) if (effect.kind === 'flow.ended') ends.add(`${effect.flow}/${effect.end}`)
  }
  const receive = receiveMessage({
    store,
    content: () => content,
    clock: systemClock,
    ids: createIds(),
    onTurn: note,
  })
  try {
    for (file of files) {
      const lines = readFileSync(join(folder, file), 'utf8')
        .split('\n')
        .flatMap((line) => MERCHANT.exec(line)?.[1] ?? [])
      let last: Received | undefined
      for (const [at, text] of lines.entries()) {
        last = await receive({
          address: { channel: 'terminal', merchantKey: file },
          dedupeKey: `${at}`,
          content: said(text, last),
        })
        for (const rule of content.interrupts)
          if (speaksOf(content.matcher, rule, text)) interrupts.add(rule.id)
      }
    }
  } finally {
    await store.close()
    rmSync(storeFolder, { recursive: true, force: true })
  }
  return {
    flows: [...content.flows.values()].map((flow) =>
      coverageOf(flow, answers, ends, talks.get(flow.id)?.size ?? 0),
    ),
    interrupts: content.interrupts.map(({ id }) => id).filter((id) => interrupts.has(id)),
    missingInterrupts: content.interrupts.map(({ id }) => id).filter((id) => !interrupts.has(id)),
  }
}

/** Shows coverage in a terminal: figures, and what no conversation comes by. */
export function renderCoverage({ flows, interrupts, missingInterrupts }: Coverage): string {
  const rows = flows.map((flow) => {
    const of = (covered: readonly string[], missing: readonly string[]): string =>
      `${covered.length}/${covered.length + missing.length}`
    const missing = [...flow.missingAnswers, ...flow.missingEnds]
    return [
      `${flow.flow.padEnd(24)}${String(flow.conversations).padStart(3)} talks  answers ${of(flow.answers, flow.missingAnswers).padStart(6)}  ends ${of(flow.ends, flow.missingEnds).padStart(5)}`,
      ...(missing.length === 0 ? [] : [`  missing: ${missing.join(' ')}`]),
    ].join('\n')
  })
  const all = interrupts.length + missingInterrupts.length
  const lost = missingInterrupts.length === 0 ? '' : `, missing: ${missingInterrupts.join(' ')}`
  return `${rows.join('\n')}\ninterrupts ${interrupts.length}/${all}${lost}\n`
}

function coverageOf(
  flow: Flow,
  answers: ReadonlySet<string>,
  ends: ReadonlySet<string>,
  conversations: number,
): FlowCoverage {
  const allAnswers = [...flow.steps.values()].flatMap((step) =>
    step.answers.map(({ id }) => `${step.id}=${id}`),
  )
  const allEnds = [...flow.ends.keys()]
  return {
    flow: flow.id,
    conversations,
    answers: allAnswers.filter((answer) => answers.has(`${flow.id}/${answer}`)),
    missingAnswers: allAnswers.filter((answer) => !answers.has(`${flow.id}/${answer}`)),
    ends: allEnds.filter((end) => ends.has(`${flow.id}/${end}`)),
    missingEnds: allEnds.filter((end) => !ends.has(`${flow.id}/${end}`)),
  }
}

function said(text: string, last: Received | undefined): InboundMessage['content'] {
  const label = BUTTON.exec(text.trim())?.[1]
  const line = last?.conversation.transcript.filter(({ choices }) => choices !== undefined).at(-1)
  const choice = line?.choices?.find((one) => one.label === label)
  if (line === undefined || choice === undefined) return { kind: 'text', text: label ?? text }
  return { kind: 'choice', id: choice.id, promptSeq: line.seq }
}
