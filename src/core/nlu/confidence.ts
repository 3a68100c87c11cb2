import type { Decision } from './understanding.ts'

/** What is known about a message's best intent before it is called right or wrong. */
export type Evidence = readonly number[]

/** Weights of a logistic model over `Evidence`, the constant last. */
export type Calibration = readonly number[]

export type JudgedEvidence = { readonly evidence: Evidence; readonly right: boolean; readonly weight: number }

/** Where the fit starts and what few lines cannot pull it away from; measured over sets of several sizes. */
const PRIOR: Calibration = [2.6, 1.1, 2.1, -0.6, -2.5]
const PRIOR_STRENGTH = 2
const NEWTON_STEPS = 12

/** What a turn costs the merchant. Starting a wrong flow is the unit. */
const COSTS = {
  wrongFlow: 1,
  /** Being asked back although the first guess was right: one tap, where a wrong flow costs several turns. */
  question: 0.125,
  /** Being asked back with a first guess that is wrong. */
  wrongGuess: 0.15,
  /** Being told that we did not understand although the first guess was right. */
  unheard: 0.8,
} as const

/** From this probability on, starting the flow costs no more than asking back. */
export const ACCEPT_FROM =
  (COSTS.wrongFlow - COSTS.wrongGuess) / (COSTS.wrongFlow - COSTS.wrongGuess + COSTS.question)
/** Below this probability, saying that we did not understand costs less than asking back. */
export const REJECT_BELOW = COSTS.wrongGuess / (COSTS.unheard - COSTS.question + COSTS.wrongGuess)

/**
 * Sums up the margins of a message: the best one, its lead over the next, how much of the message is known, and how
 * much it looks like the lines that are none of ours. Pure.
 */
export function evidenceOf(scores: Float64Array, strangeScore: number, coverage: number): Evidence {
  let best = -Infinity
  let next = -Infinity
  for (const score of scores) {
    if (score > best) {
      next = best
      best = score
    } else if (score > next) {
      next = score
    }
  }
  const lead = next === -Infinity ? 1 : best - next
  return [clamp(best), clamp(lead), coverage, clamp(strangeScore)]
}

/** Gives the probability that the best intent is what the merchant meant. Pure. */
export function probability(evidence: Evidence, calibration: Calibration): number {
  return sigmoid(dot(evidence, calibration))
}

/** Chooses what costs the merchant least. Pure. */
export function decide(confidence: number): Decision {
  if (confidence < REJECT_BELOW) return 'reject'
  return confidence < ACCEPT_FROM ? 'clarify' : 'accept'
}

/** Fits the calibration by Newton's method, held by the prior. Pure. */
export function calibrate(judged: readonly JudgedEvidence[]): Calibration {
  const size = PRIOR.length
  let weights = [...PRIOR]
  for (let step = 0; step < NEWTON_STEPS; step++) {
    const gradient = weights.map((weight, i) => PRIOR_STRENGTH * (weight - (PRIOR[i] ?? 0)))
    const hessian = weights.map((_, i) => weights.map((__, j): number => (i === j ? PRIOR_STRENGTH : 0)))
    for (const { evidence, right, weight } of judged) {
      const inputs = [...evidence, 1]
      const guess = sigmoid(dot(evidence, weights))
      const error = weight * (guess - (right ? 1 : 0))
      const curvature = weight * guess * (1 - guess)
      for (let i = 0; i < size; i++) {
        const input = inputs[i] ?? 0
        gradient[i] = (gradient[i] ?? 0) + error * input
        const row = hessian[i] ?? []
        for (let j = 0; j < size; j++) row[j] = (row[j] ?? 0) + curvature * input * (inputs[j] ?? 0)
      }
    }
    const move = solve(hessian, gradient)
    weights = weights.map((weight, i) => weight - (move[i] ?? 0))
  }
  return weights
}

function clamp(score: number): number {
  return Math.max(-2, Math.min(2, score))
}

function sigmoid(x: number): number {
  return 1 / (1 + Math.exp(-x))
}

function dot(evidence: Evidence, weights: readonly number[]): number {
  let sum = weights[evidence.length] ?? 0
  for (let i = 0; i < evidence.length; i++) sum += (evidence[i] ?? 0) * (weights[i] ?? 0)
  return sum
}

/** Solves a small positive definite system by elimination. */
function solve(matrix: number[][], right: readonly number[]): number[] {
  const size = right.length
  const rows = matrix.map((row, i) => [...row, right[i] ?? 0])
  for (let pivot = 0; pivot < size; pivot++) {
    const top = rows[pivot] ?? []
    for (let i = pivot + 1; i < size; i++) {
      const row = rows[i] ?? []
      const factor = (row[pivot] ?? 0) / (top[pivot] ?? 1)
      for (let j = pivot; j <= size; j++) row[j] = (row[j] ?? 0) - factor * (top[j] ?? 0)
    }
  }
  const result = new Array<number>(size).fill(0)
  for (let i = size - 1; i >= 0; i--) {
    const row = rows[i] ?? []
    let sum = row[size] ?? 0
    for (let j = i + 1; j < size; j++) sum -= (row[j] ?? 0) * (result[j] ?? 0)
    result[i] = sum / (row[i] ?? 1)
  }
  return result
}
