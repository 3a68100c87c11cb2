import { classify, scoreText, vectorOfText, type Classifier } from './classifier.ts'
import { ACCEPT_FROM, REJECT_BELOW } from './confidence.ts'
import { normalize } from './normalize.ts'
import type { Decision, Ranked } from './understanding.ts'
import type { Vector } from './vectors.ts'

/** A piece of the message and what its presence adds to an intent's margin; negative speaks against it. */
export type Voice = { readonly piece: string; readonly weight: number }

export type Explanation = {
  readonly normalized: string
  readonly decision: Decision
  readonly confidence: number
  /** Share of the message that the training lines know: 0 nothing, 1 everything. */
  readonly coverage: number
  /** The two best intents, each with the pieces that count most, strongest first. */
  readonly top: readonly (Ranked & { readonly margin: number; readonly voices: readonly Voice[] })[]
  /** The training lines most like the message, most alike first; `similarity` is at most 1. */
  readonly nearest: readonly { readonly text: string; readonly intent: string; readonly similarity: number }[]
  /** One sentence on why the message was accepted, asked back about, or rejected. */
  readonly reason: string
}

const VOICES_SHOWN = 6
const NEAREST_SHOWN = 5

/**
 * Says why a message was understood as it was: which pieces spoke for the two best intents, and which training lines
 * are alike. Pure; costs as much as classifying every training line once.
 */
export function explain(classifier: Classifier, text: string): Explanation {
  const normalized = normalize(text)
  const { ranking, confidence, decision } = classify(classifier, text)
  const { scores, vector } = scoreText(classifier, text)
  const top = ranking.slice(0, 2).map((ranked) => {
    const place = classifier.intents.indexOf(ranked.intent)
    const margin = scores[place] ?? 0
    return { ...ranked, margin, voices: voicesFor(classifier, normalized, place, margin) }
  })
  return {
    normalized,
    decision,
    confidence,
    coverage: vector.coverage,
    top,
    nearest: nearestLines(classifier, vector),
    reason: reasonFor(decision, confidence, vector.coverage, top),
  }
}

function voicesFor(classifier: Classifier, text: string, place: number, margin: number): Voice[] {
  const pieces = text.match(/[a-z0-9]+|\p{Script=Han}{1,2}/gu) ?? []
  const voices = [...new Set(pieces)].map((piece) => {
    const without = scoreText(classifier, text.split(piece).join(' '))
    return { piece, weight: margin - (without.scores[place] ?? 0) }
  })
  return voices.sort((a, b) => Math.abs(b.weight) - Math.abs(a.weight)).slice(0, VOICES_SHOWN)
}

function nearestLines(classifier: Classifier, vector: Vector): Explanation['nearest'] {
  const values = new Map(vector.columns.map((column, i) => [column, vector.values[i] ?? 0]))
  const alike = classifier.lines.map(({ text, intent }) => {
    const other = vectorOfText(classifier, text)
    let similarity = 0
    other.columns.forEach((column, i) => (similarity += (values.get(column) ?? 0) * (other.values[i] ?? 0)))
    return { text, intent, similarity }
  })
  return alike.sort((a, b) => b.similarity - a.similarity).slice(0, NEAREST_SHOWN)
}

function reasonFor(decision: Decision, confidence: number, coverage: number, top: readonly Ranked[]): string {
  const sure = `confidence ${confidence.toFixed(2)}`
  const [first, second] = top.map(({ intent }) => intent)
  if (first === undefined) return 'there are no intents to choose from'
  if (coverage === 0) return 'nothing in the message is known from the training lines'
  switch (decision) {
    case 'accept':
      return `${sure} is at least ${ACCEPT_FROM.toFixed(2)}`
    case 'clarify':
      if (confidence >= ACCEPT_FROM)
        return `${sure} would do, but too little of the message is known to act on (${Math.round(coverage * 100)} %)`
      return `${sure} lies between ${REJECT_BELOW.toFixed(2)} and ${ACCEPT_FROM.toFixed(2)}: ${first} or ${second ?? 'nothing'}`
    case 'reject':
      return `${sure} is below ${REJECT_BELOW.toFixed(2)}; ${Math.round(coverage * 100)} % of the message is known`
  }
}
