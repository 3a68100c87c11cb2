import BayesClassifier from 'natural/lib/natural/classifiers/bayes_classifier.js'
import { isOutOfScope, type TrainingLine } from '../core/nlu/classifier.ts'
import { normalize } from '../core/nlu/normalize.ts'
import { splitWords } from '../core/nlu/words.ts'

export type BaselineScores = {
  readonly inScopeAccuracy: number
  readonly trainMs: number
  readonly predictUsP50: number
}

/** natural's default of 1 favours rare intents; this value did best of .02, .1, .3 and 1 on the public sets. */
const SMOOTHING = 0.1

/** Measures natural's naive Bayes on the same lines: Porter stems, and Chinese characters with their bigrams. */
export function measureBayes(lines: readonly TrainingLine[], test: readonly TrainingLine[]): BaselineScores {
  const startedAt = performance.now()
  const classify = bayesOf(lines)
  const trainMs = performance.now() - startedAt
  const inScope = test.filter(({ intent }) => !isOutOfScope(intent))
  const times: number[] = []
  let right = 0
  for (const { text, intent } of inScope) {
    const askedAt = performance.now()
    if (classify(text) === intent) right += 1
    times.push((performance.now() - askedAt) * 1000)
  }
  times.sort((a, b) => a - b)
  return {
    inScopeAccuracy: right / Math.max(inScope.length, 1),
    trainMs,
    predictUsP50: times[times.length >> 1] ?? 0,
  }
}

/** Trains natural's naive Bayes on lines in scope; gives what names a message's intent. */
export function bayesOf(lines: readonly TrainingLine[]): (text: string) => string {
  const bayes = new BayesClassifier(undefined, SMOOTHING)
  for (const { text, intent } of lines) if (!isOutOfScope(intent)) bayes.addDocument(tokens(text), intent)
  bayes.train()
  return (text) => bayes.classify(tokens(text))
}

function tokens(text: string): string[] {
  const { ideographs, stems } = splitWords(normalize(text))
  const characters = ideographs.map((code) => String.fromCharCode(code))
  const pairs = characters.slice(1).map((character, at) => (characters[at] ?? '') + character)
  return [...stems, ...characters, ...pairs]
}
