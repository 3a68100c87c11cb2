import type { Finding } from '../flow/finding.ts'
import type { TrainingLine } from './classifier.ts'
import { normalize } from './normalize.ts'
import { lettersOf, nearDuplicates } from './report/near-duplicates.ts'

/** The example lines of one intent, in file order. */
export type IntentLines = {
  readonly intent: string
  readonly conversational: boolean
  readonly utterances: readonly string[]
}

/** Fewer lines than this say too little of how people talk. */
const FEW = { business: 20, conversational: 10 }
/** So many lines that begin alike were written by one hand in one go. */
const ONE_SIDED = 0.4
const ENOUGH_TO_JUDGE = 10
const OPENING = 2

/** Findings by intent. */
export type LineFindings = ReadonlyMap<string, readonly Finding[]>

/** Finds messages that stand under two intents: nothing could be learnt from them. Pure. */
export function contradictions(intents: readonly IntentLines[]): LineFindings {
  const places = new Map<string, string>()
  return new Map(
    intents.map(({ intent, utterances }) => [
      intent,
      utterances.flatMap((text, at): readonly Finding[] => {
        const form = lettersOf(text)
        const other = places.get(form)
        if (form !== '') places.set(form, intent)
        if (other === undefined || other === intent) return []
        const message = `"${text}" also stands under "${other}": keep it where it belongs`
        return [{ path: ['utterances', at], rule: 'utterance-twice', message }]
      }),
    ]),
  )
}

/**
 * Warns of example lines that teach little: nearly the same message under two intents, few lines, and lines that all
 * begin alike. Pure; takes half a second for ten thousand lines.
 */
export function adviseOnLines(intents: readonly IntentLines[]): LineFindings {
  const findings = new Map(
    intents.map(({ intent, conversational, utterances }): [string, Finding[]] => [
      intent,
      [...tooLittle(utterances, conversational)],
    ]),
  )
  for (const { first, second } of nearDuplicates(linesOf(intents))) {
    if (first.intent === second.intent) continue
    const at = intents.find(({ intent }) => intent === second.intent)?.utterances.indexOf(second.text) ?? 0
    const own = findings.get(second.intent) ?? []
    const message = `"${second.text}" says nearly the same as "${first.text}" of "${first.intent}": keep one, or say what is different`
    own.push({ path: ['utterances', at], rule: 'utterances-alike', message, severity: 'warning' })
  }
  return findings
}

function tooLittle(utterances: readonly string[], conversational: boolean): readonly Finding[] {
  const few = conversational ? FEW.conversational : FEW.business
  if (utterances.length < few) {
    const message = `${utterances.length} example lines say too little of how people talk: write at least ${few}, by different people`
    return [{ path: ['utterances'], rule: 'few-utterances', message, severity: 'warning' }]
  }
  const openings = new Map<string, number>()
  for (const text of utterances) {
    const opening = normalize(text).slice(0, OPENING)
    openings.set(opening, (openings.get(opening) ?? 0) + 1)
  }
  const [opening, count] = [...openings].sort((a, b) => b[1] - a[1])[0] ?? ['', 0]
  if (utterances.length < ENOUGH_TO_JUDGE || count / utterances.length <= ONE_SIDED) return []
  const message = `${count} of ${utterances.length} example lines begin with "${opening}": write them as different people would`
  return [{ path: ['utterances'], rule: 'one-sided', message, severity: 'warning' }]
}

function linesOf(intents: readonly IntentLines[]): readonly TrainingLine[] {
  return intents.flatMap(({ intent, utterances }) => utterances.map((text) => ({ text, intent })))
}
