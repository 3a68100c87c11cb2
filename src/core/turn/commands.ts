import type { Command, Content } from '../content.ts'
import { answerStep } from '../flow/advance.ts'
import type { Flow, Step } from '../flow/flow.ts'
import { bare, clausesOf, withoutEnding } from '../flow/wording.ts'
import type { Draft } from './draft.ts'
import { fillSlots, nextProblem } from './problem.ts'
import { askAgain, askedSlots, choicesOf, takeWalk } from './resting.ts'

/** The command a whole message is, if it is one. Pure. */
export function commandOf(content: Content, text: string): Command | undefined {
  const said = bare(clausesOf(text).join(''))
  const commands: readonly Command[] = [
    'go_back',
    'repeat',
    'restart',
    'thanks',
    'bye',
    'nothing_else',
    'more',
  ]
  const is = (name: Command, words: string): boolean =>
    content.commands[name].has(words) || content.commands[name].has(withoutEnding(words))
  const whole = commands.find((name) => is(name, said))
  if (whole !== undefined) return whole
  // “点错了 返回上一步”: every part is a command.
  const parts = clausesOf(text).map((clause) => commands.find((name) => is(name, bare(clause))))
  if (parts.length < 2 || parts.includes(undefined)) return undefined
  return parts.find((part) => part !== 'thanks') ?? 'thanks'
}

/** Commands while a question of a flow is open. Returns true when the message was one. */
export function command(draft: Draft): boolean {
  switch (commandOf(draft.content, draft.text)) {
    case 'go_back':
      goBack(draft)
      return true
    case 'repeat':
      sayAgain(draft)
      return true
    case 'restart':
      restart(draft)
      return true
    case 'thanks':
      draft.reply('thanks')
      askAgain(draft)
      return true
    case 'bye':
      draft.reply('confirm_end')
      draft.prompt({ kind: 'confirm_switch', intent: 'bye', said: '' }, [
        { id: 'yes', label: '先结束' },
        { id: 'no', label: '继续处理' },
      ])
      return true
    case 'nothing_else':
    case 'more':
    case undefined:
      return false
  }
}

/** Starts the chat over; what belongs to the shop and its terminal stays known. */
export function restart(draft: Draft): void {
  draft.dialogue = nextProblem(draft.content, draft.dialogue)
  draft.reply('restart')
  draft.prompt(null)
}

/**
 * “说错了，是…”, “不对，换卡也不行”: the rest of the message overwrites a slot, or the answer of the open or an
 * earlier question, and the flow goes on from there. Returns true when the message corrected something.
 */
export function correction(draft: Draft, flow: Flow, step: Step): boolean {
  const rest = withoutCorrection(draft.content.corrections, draft.text)
  if (rest === undefined) return false
  const filled = fillSlots(draft, askedSlots(draft), true)
  const { matcher } = draft.content
  const own = matcher.match(step, rest)
  if (own.kind === 'answer' && own.specific && own.score > 0.75) {
    takeWalk(draft, answerStep(draft.world, draft.dialogue, own.answer, draft.text))
    return true
  }
  const { history, path } = draft.dialogue
  for (let index = history.length - 1; index >= Math.max(0, history.length - 4); index--) {
    const moment = history[index]
    const frame = moment?.stack.at(-1)
    const earlier = frame?.flow === flow.id ? flow.steps.get(frame.step) : undefined
    if (moment === undefined || earlier === undefined) continue
    const match = matcher.match(earlier, rest)
    const before = path[moment.pathLength]?.answer
    if (match.kind !== 'answer' || !match.specific || match.answer.id === before) continue
    rewindTo(draft, index)
    takeWalk(draft, answerStep(draft.world, draft.dialogue, match.answer, draft.text))
    return true
  }
  if (correctTold(draft, flow, rest)) return true
  if (filled.length === 0) return false
  askAgain(draft)
  return true
}

/** Corrects an answer that was told early, so that its question was never asked. */
function correctTold(draft: Draft, flow: Flow, rest: string): boolean {
  const { path, stack, history } = draft.dialogue
  const top = stack.at(-1)
  for (let index = path.length - 1; index >= 0; index--) {
    const row = path[index]
    const step = row?.flow === flow.id ? flow.steps.get(row.step) : undefined
    if (row === undefined || step === undefined || top === undefined) continue
    const match = draft.content.matcher.match(step, rest)
    if (match.kind !== 'answer' || !match.specific || match.answer.id === row.answer) continue
    const earlier = history.filter(({ pathLength }) => pathLength <= index)
    rewind(draft, { stack: [...stack.slice(0, -1), { ...top, step: step.id }], pathLength: index }, earlier)
    takeWalk(draft, answerStep(draft.world, draft.dialogue, match.answer, draft.text))
    return true
  }
  return false
}

/** What follows the words of a correction; undefined when the message is none. Pure. */
export function withoutCorrection(corrections: readonly string[], text: string): string | undefined {
  const said = text.trim()
  const word = corrections.find((candidate) => said.startsWith(candidate))
  if (word === undefined) return undefined
  const rest = said.slice(word.length).replace(/^[了，。,.!！\s]*(?:应该)?(?:是)?/u, '')
  return rest === '' ? undefined : rest
}

function goBack(draft: Draft): void {
  const last = draft.dialogue.history.length - 1
  if (last < 0) {
    draft.reply('nothing_before')
    askAgain(draft)
    return
  }
  rewindTo(draft, last)
  askAgain(draft)
}

/** Puts the talk back to where a question was open; what it answered, and what followed, is taken back. */
function rewindTo(draft: Draft, index: number): void {
  const { history } = draft.dialogue
  const moment = history[index]
  if (moment !== undefined) rewind(draft, moment, history.slice(0, index))
}

type Moment = Draft['dialogue']['history'][number]

function rewind(
  draft: Draft,
  moment: Pick<Moment, 'stack' | 'pathLength'>,
  earlier: readonly Moment[],
): void {
  const { path, answers, slots, notes } = draft.dialogue
  const dropped = path.slice(moment.pathLength)
  const kept: Record<string, string> = { ...answers }
  const keptSlots: Record<string, string | number> = { ...slots }
  const keptNotes: Record<string, string> = { ...notes }
  for (const row of dropped) {
    Reflect.deleteProperty(kept, `${row.flow}/${row.step}`)
    const answer = draft.content.flows
      .get(row.flow)
      ?.steps.get(row.step)
      ?.answers.find(({ id }) => id === row.answer)
    for (const name of Object.keys(answer?.set ?? {})) {
      Reflect.deleteProperty(name.startsWith('note.') ? keptNotes : keptSlots, name.replace(/^note\./u, ''))
    }
  }
  draft.update({
    stack: moment.stack,
    history: earlier,
    path: path.slice(0, moment.pathLength),
    answers: kept,
    slots: keptSlots,
    notes: keptNotes,
    unclear: 0,
  })
}

/** Asks the open question in other words, which is what somebody wants who did not understand. */
function sayAgain(draft: Draft): void {
  const step = draft.openStep()?.step
  if (step === undefined || step.simpler === null) {
    askAgain(draft)
    return
  }
  draft.say(step.simpler)
  draft.prompt({ kind: 'step' }, choicesOf(step))
}
