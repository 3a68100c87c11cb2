import { collectBags } from './bags.ts'
import { conceptMatcher, type ConceptMatcher, type Concepts } from './concepts.ts'
import { calibrate, decide, evidenceOf, probability, type Calibration } from './confidence.ts'
import { withoutCourtesy } from './courtesy.ts'
import { eachFeature } from './features.ts'
import { judgeHeldOut } from './held-out.ts'
import { fitModel, scoreAll, strangeScoreOf, trainingRoom, type LinearModel } from './linear-model.ts'
import { isNoise } from './noise.ts'
import { normalize } from './normalize.ts'
import { SETTINGS, type Settings } from './settings.ts'
import { Tally } from './tally.ts'
import { hashText } from './hash.ts'
import { withTypo } from './typos.ts'
import type { Decision, Ranked } from './understanding.ts'
import { countsForCoverage, toVector, type Vector } from './vectors.ts'
import { findId, vocabularyOf, type Vocabulary } from './vocabulary.ts'

export type { Concepts } from './concepts.ts'
export { deserialize, serialize } from './classifier-bytes.ts'
export { explain, type Explanation } from './explain.ts'

/** A message with the intent it should be understood as; `__oos__` or `out_of_scope` is none of ours. */
export type TrainingLine = { readonly text: string; readonly intent: string }

/** What training leaves behind. Opaque: use `classify`, `explain` and `serialize`. */
export type Classifier = {
  /** In-scope intents, sorted by id; a class is a place in this list. */
  readonly intents: readonly string[]
  readonly model: LinearModel
  readonly vocabulary: Vocabulary
  readonly calibration: Calibration
  readonly concepts: Concepts
  readonly matcher: ConceptMatcher
  readonly lines: readonly TrainingLine[]
  readonly settings: Settings
}

export type Classification = {
  /** Every in-scope intent, best first; equals stand in order of their ids. */
  readonly ranking: readonly Ranked[]
  /** Probability that the first of the ranking is what was meant. */
  readonly confidence: number
  readonly decision: Decision
}

/** How fast the confidence falls from the best intent to one that scores less. */
const RANKING_SLOPE = 4

/** Tells whether an intent label means that a message is none of ours. Pure. */
export function isOutOfScope(intent: string): boolean {
  return intent === '__oos__' || intent === 'out_of_scope'
}

/**
 * Learns intents from example messages.
 *
 * Pure and deterministic: the same lines in the same order give the same classifier on every machine. Out-of-scope
 * lines speak against every intent. Takes about a third of a second per thousand lines. Other settings than the fixed
 * ones are for measuring what each is worth.
 */
export function train(
  lines: readonly TrainingLine[],
  concepts: Concepts,
  settings: Settings = SETTINGS,
): Classifier {
  const intents = [...new Set(lines.map((line) => line.intent))]
    .filter((intent) => !isOutOfScope(intent))
    .sort()
  const places = new Map(intents.map((intent, place) => [intent, place]))
  const more = [
    ...mistyped(lines),
    ...intents.map((intent) => ({ text: inWords(intent), intent, origin: -1 })),
  ]
  const all = [...lines, ...more]
  const classes = Int32Array.from(all, ({ intent }) => places.get(intent) ?? -1)
  const origins = Int32Array.from([...lines.keys(), ...more.map(({ origin }) => origin)])
  const matcher = conceptMatcher(concepts)
  const bags = collectBags(
    all.map(({ text }) => text),
    matcher,
  )
  const room = trainingRoom(bags, intents.length, settings)
  const calibration = calibrate(judgeHeldOut(room, { classes, origins, intentCount: intents.length }))
  const everything = Int32Array.from(all.keys())
  const { model } = fitModel(room, { lines: everything, classes, intentCount: intents.length })
  const vocabulary = vocabularyOf(model.keys)
  return { intents, model, vocabulary, calibration, concepts, matcher, lines, settings }
}

/** Longer lines lose little by one wrong character. */
const LONGEST_MISTYPED = 10

type MoreTraining = TrainingLine & { readonly origin: number }

/**
 * Short lines once more, each with one typo: it halves what typos cost. Which typo depends on the line alone, so that
 * a line added to one intent does not change how all the others are learnt.
 */
function mistyped(lines: readonly TrainingLine[]): readonly MoreTraining[] {
  return lines.flatMap(({ text, intent }, origin) => {
    if (isOutOfScope(intent) || text.length > LONGEST_MISTYPED) return []
    const changed = withTypo(text, hashText(text) >>> 8)
    return changed === text ? [] : [{ text: changed, intent, origin }]
  })
}

/** The words of an intent's id are one more line of it: with ten lines an intent they are worth a point and a half. */
function inWords(intent: string): string {
  return intent.replace(/[_-]+/g, ' ')
}

/** Ranks the intents for a message and says whether to act, to ask back, or to give up. Pure. */
export function classify(classifier: Classifier, text: string): Classification {
  const { intents, calibration } = classifier
  const { scores, strange, coverage } = readMessage(classifier, text)
  const order = bestFirst(scores)
  const best = scores[order[0] ?? 0] ?? 0
  const confidence = coverage === 0 ? 0 : probability(evidenceOf(scores, strange, coverage), calibration)
  const ranking: Ranked[] = []
  for (const place of order) {
    const share = Math.exp(RANKING_SLOPE * ((scores[place] ?? 0) - best))
    ranking.push({ intent: intents[place] ?? '', confidence: confidence * share })
  }
  const decision = intents.length === 0 ? 'reject' : decide(confidence)
  const normal = normalize(text)
  const acts =
    decision !== 'accept' ||
    !(isNoise(normal, coverage, classifier.vocabulary) || isStray(normal, classifier.lines))
  return { ranking, confidence, decision: acts ? decision : 'clarify' }
}

/** One character says nothing (“现” is no wish for cash), unless people are known to write just it (“嗯”). */
function isStray(normal: string, lines: readonly TrainingLine[]): boolean {
  return [...normal].length === 1 && !lines.some(({ text }) => text.length <= 3 && normalize(text) === normal)
}

/** Places by score, by insertion: for some dozens of scores nothing is faster. Equals keep their order. */
function bestFirst(scores: Float64Array): readonly number[] {
  const order: number[] = []
  for (let place = 0; place < scores.length; place++) {
    const score = scores[place] ?? 0
    let at = place
    while (at > 0 && (scores[order[at - 1] ?? 0] ?? 0) < score) {
      order[at] = order[at - 1] ?? 0
      at -= 1
    }
    order[at] = place
  }
  return order
}

/** How a message scores for each intent, and how strange and how well known it is. */
type Reading = { readonly scores: Float64Array; readonly strange: number; readonly coverage: number }

function readMessage(classifier: Classifier, text: string): Reading {
  const count = classifier.intents.length
  const { scores, vector } = scoreText(classifier, text)
  return {
    scores: scores.subarray(0, count),
    strange: strangeScoreOf(scores, count),
    coverage: vector.coverage,
  }
}

/** Gives every intent's margin for a message, in the order of `intents`, and the vector they come from. Pure. */
export function scoreText(classifier: Classifier, text: string): { scores: Float64Array; vector: Vector } {
  const vector = vectorOfText(classifier, text)
  return { scores: scoreAll(classifier.model, vector), vector }
}

const HAS_LETTER = /\p{L}/u
const tally = new Tally()

/** Gives a message as the model sees it; one without any letter counts as wholly unknown. Pure. */
export function vectorOfText(classifier: Classifier, text: string): Vector {
  const { model, vocabulary, matcher, settings } = classifier
  const normal = withoutCourtesy(normalize(text))
  let unknown = 0
  tally.begin()
  eachFeature(HAS_LETTER.test(normal) ? normal : '', matcher, (key, group) => {
    const column = findId(vocabulary, key)
    if (column >= 0) tally.add(column)
    else if (countsForCoverage(group)) unknown += 1
  })
  const { numbers: columns, counts } = tally
  return toVector({ columns, counts, unknown }, model.groups, model.idf, settings)
}
