import { bare, clausesOf } from './wording.ts'
import type { AnswerMatcher } from './answer.ts'
import type { Flow, Go, Sentence, Step, Target } from './flow.ts'

/** Something wrong with a flow: where in its file, by which rule, and what to do. */
export type FlowFinding = {
  readonly path: readonly (string | number)[]
  readonly rule: string
  readonly message: string
}

/** A step's question may have this many characters, other texts that many (domain guide §4.1 and §8). */
export const MAX_QUESTION = 60
export const MAX_TEXT = 100

/** A phrase this near to another answer's could as well stand there. */
const TOO_ALIKE = 0.88

/** Wordings no text may have: links, telephone numbers other than 110, and the author's own marks. */
const NEVER_SAID: readonly { readonly pattern: RegExp; readonly what: string }[] = [
  { pattern: /https?:|www\.|\.(?:com|cn)\b/iu, what: 'a link' },
  { pattern: /(?<!\d)(?!110(?!\d))\d{5,}(?!\d)/u, what: 'a telephone or other long number' },
  { pattern: /\b[RE]_[A-Z]|\bSR\d|\[R\d|\(u\)/u, what: "an author's mark" },
  { pattern: /消磁|加磁/u, what: 'advice about the card’s stripe' },
]

/**
 * Proves what can be proved of a flow before it goes live: every step is reached, every path ends in a resolution
 * or a human, answers of a step can be told apart, texts fit and say nothing forbidden. Pure.
 */
export function checkFlow(
  flow: Flow,
  context: { readonly flows: ReadonlyMap<string, Flow>; readonly matcher: AnswerMatcher },
): readonly FlowFinding[] {
  return [
    ...unreachable(flow, context.flows),
    ...withoutEnd(flow),
    ...texts(flow),
    ...[...flow.steps.values()].flatMap((step) => answersOf(step, context.matcher)),
    ...money(flow),
  ]
}

function unreachable(flow: Flow, flows: ReadonlyMap<string, Flow>): readonly FlowFinding[] {
  const reached = new Set<string>()
  const visit = (target: Target): void => {
    const place = placeOf(flow, target)
    if (place === undefined || reached.has(place)) return
    reached.add(place)
    for (const next of targetsAt(flow, place)) visit(next)
  }
  visit(flow.begin)
  for (const place of enteredFromOutside(flow, flows)) visit(placeTarget(flow, place))
  visit({ kind: 'end', end: flow.escalate })
  for (const step of flow.steps.values()) if (step.opens !== null) visit({ kind: 'end', end: step.opens })
  const places: readonly [string, Iterable<string>][] = [
    ['steps', flow.steps.keys()],
    ['routes', flow.routes.keys()],
    ['ends', flow.ends.keys()],
  ]
  return places.flatMap(([section, ids]) =>
    [...ids]
      .filter((id) => !reached.has(id))
      .map((id) => ({
        path: [section, id],
        rule: 'unreachable',
        message: `nothing leads to "${id}": add an answer that goes there, or remove it`,
      })),
  )
}

/** Places that intents and other flows enter (`card_fault@CF3m`): listed by naming them. */
function enteredFromOutside(flow: Flow, flows: ReadonlyMap<string, Flow>): readonly string[] {
  const entered: string[] = []
  for (const other of flows.values()) {
    const gos = [
      ...[...other.steps.values()].flatMap((step) => [step.then, ...step.answers.map((answer) => answer.go)]),
      ...[...other.routes.values()].map((route) => route.go),
    ]
    for (const { target } of gos.flat()) {
      if (target.kind === 'flow' && target.flow === flow.id && target.step !== undefined)
        entered.push(target.step)
    }
  }
  return entered
}

function withoutEnd(flow: Flow): readonly FlowFinding[] {
  const ends = new Set<string>(flow.ends.keys())
  let grown = true
  const leadsOut = (go: Target): boolean => {
    if (go.kind === 'flow') return go.then === undefined || ends.has(go.then)
    const place = placeOf(flow, go)
    return place !== undefined && ends.has(place)
  }
  while (grown) {
    grown = false
    for (const id of [...flow.steps.keys(), ...flow.routes.keys()]) {
      if (!ends.has(id) && targetsAt(flow, id).some(leadsOut)) {
        ends.add(id)
        grown = true
      }
    }
  }
  return [...flow.steps.keys()]
    .filter((id) => !ends.has(id))
    .map((id) => ({
      path: ['steps', id],
      rule: 'no-way-out',
      message: `from "${id}" no resolution and no human can be reached: every answer leads round in a circle`,
    }))
}

function texts(flow: Flow): readonly FlowFinding[] {
  const findings: FlowFinding[] = []
  const look = (path: readonly (string | number)[], sentences: readonly Sentence[], limit: number): void => {
    const always = sentences
      .filter(({ when }) => when === undefined)
      .reduce((sum, { text }) => sum + text.length, 0)
    const sometimes = Math.max(
      0,
      ...sentences.filter(({ when }) => when !== undefined).map(({ text }) => text.length),
    )
    if (always + sometimes > limit) {
      const message = `the text has ${always + sometimes} characters, at most ${limit} fit: make it shorter`
      findings.push({ path, rule: 'too-long', message })
    }
    for (const { text } of sentences) {
      const forbidden = NEVER_SAID.find(({ pattern }) => pattern.test(text))
      if (forbidden === undefined) continue
      findings.push({
        path,
        rule: 'never-say',
        message: `"${text}" contains ${forbidden.what}: the bot must not say it`,
      })
    }
  }
  for (const step of flow.steps.values()) {
    look(['steps', step.id, 'ask'], step.ask, MAX_QUESTION)
    if (step.simpler !== null) look(['steps', step.id, 'simpler'], [{ text: step.simpler }], MAX_TEXT)
    for (const answer of step.answers)
      look(['steps', step.id, 'answers', answer.id, 'say'], answer.say, MAX_TEXT)
  }
  for (const end of flow.ends.values()) look(['ends', end.id, 'say'], end.say, MAX_TEXT)
  return findings
}

function answersOf(step: Step, matcher: AnswerMatcher): readonly FlowFinding[] {
  const findings: FlowFinding[] = []
  const seen = new Map<string, string>()
  for (const answer of step.answers) {
    const path = ['steps', step.id, 'answers', answer.id]
    if (answer.phrases.length + answer.told.length + answer.means.length + answer.gives.length === 0) {
      const message = `nobody can give the answer "${answer.id}" in words: add "phrases" or "means"`
      findings.push({ path, rule: 'no-phrases', message })
    }
    for (const phrase of [...answer.phrases, ...answer.told]) {
      const form = bare(clausesOf(phrase).join(''))
      const other = seen.get(form)
      if (other !== undefined && other !== answer.id) {
        const message = `"${phrase}" already belongs to the answer "${other}" of this step: keep it at one of them`
        findings.push({ path: [...path, 'phrases'], rule: 'phrase-twice', message })
        continue
      }
      seen.set(form, answer.id)
      const rival = matcher.nearestRival(step, answer, phrase)
      if (rival !== undefined && rival.score >= TOO_ALIKE) {
        const message = `"${phrase}" says nearly the same as the answer "${rival.answer.id}" of this step: say it more clearly`
        findings.push({ path: [...path, 'phrases'], rule: 'too-alike', message })
        continue
      }
      const match = matcher.match(step, phrase)
      if (match.kind === 'answer' && match.answer === answer) continue
      const taken = match.kind === 'answer' ? `the answer "${match.answer.id}"` : 'no answer at all'
      const message = `"${phrase}" is understood as ${taken} instead of "${answer.id}": say it more clearly`
      findings.push({ path: [...path, 'phrases'], rule: 'too-alike', message })
    }
  }
  return findings
}

function money(flow: Flow): readonly FlowFinding[] {
  if (!flow.money || flow.warning !== null) return []
  const message = 'a money flow needs a "warning" (“先别重刷。”), said while the result is unknown'
  return [{ path: ['money'], rule: 'money-warning', message }]
}

function placeOf(flow: Flow, target: Target): string | undefined {
  switch (target.kind) {
    case 'step':
      return flow.steps.has(target.step) ? target.step : undefined
    case 'route':
      return target.route
    case 'end':
      return target.end
    case 'flow':
      return target.then
  }
}

function placeTarget(flow: Flow, place: string): Target {
  if (flow.steps.has(place)) return { kind: 'step', step: place }
  return flow.routes.has(place) ? { kind: 'route', route: place } : { kind: 'end', end: place }
}

function targetsAt(flow: Flow, place: string): readonly Target[] {
  const step = flow.steps.get(place)
  const gos: readonly Go[] =
    step === undefined
      ? [flow.routes.get(place)?.go ?? []]
      : [step.then, ...step.answers.map((answer) => answer.go)]
  return gos.flat().map(({ target }) => target)
}
