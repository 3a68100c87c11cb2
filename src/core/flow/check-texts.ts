import type { Finding } from './finding.ts'
import type { Flow, Sentence, Step } from './flow.ts'
import { forbiddenIn } from './never-say.ts'

/** A step's question may have this many characters, other texts that many (domain guide §4.1 and §8). */
export const MAX_QUESTION = 60
export const MAX_TEXT = 100
/** What fits on a button of every channel, and how many choices have a digit of their own. */
export const MAX_LABEL = 20
export const MAX_CHOICES = 9

/** Finds texts that are too long, forbidden, said twice or without a source, and a money flow without its warning. Pure. */
export function checkTexts(flow: Flow): readonly Finding[] {
  return [
    ...texts(flow),
    ...[...flow.steps.values()].flatMap(buttons),
    ...askedTwice(flow),
    ...money(flow),
    ...sources(flow),
  ]
}

function texts(flow: Flow): readonly Finding[] {
  const findings: Finding[] = []
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
      findings.push(...neverSaid(path, text))
    }
  }
  for (const step of flow.steps.values()) {
    look(['steps', step.id, 'ask'], step.ask, MAX_QUESTION)
    if (step.simpler !== null) look(['steps', step.id, 'simpler'], [{ text: step.simpler }], MAX_TEXT)
    for (const answer of step.answers) {
      const path = ['steps', step.id, 'answers', answer.id]
      look([...path, 'say'], answer.say, MAX_TEXT)
      for (const { say } of answer.go) look([...path, 'go'], say, MAX_TEXT)
      findings.push(...neverSaid([...path, 'label'], answer.label ?? ''))
    }
  }
  for (const route of flow.routes.values()) {
    for (const { say } of route.go) look(['routes', route.id], say, MAX_TEXT)
  }
  for (const end of flow.ends.values()) look(['ends', end.id, 'say'], end.say, MAX_TEXT)
  return findings
}

/** Holds a text against what the bot must never say. Pure. */
export function neverSaid(path: readonly (string | number)[], text: string): readonly Finding[] {
  const what = forbiddenIn(text)
  if (what === undefined) return []
  return [{ path, rule: 'never-say', message: `"${text}" contains ${what}: the bot must not say it` }]
}

/** Buttons must fit a phone and every channel, and be told apart; only nine have a digit of their own. */
function buttons(step: Step): readonly Finding[] {
  const findings: Finding[] = []
  const offered = step.answers.filter(({ label }) => label !== undefined)
  if (offered.length > MAX_CHOICES) {
    const message = `${offered.length} answers are offered, at most ${MAX_CHOICES} have a digit: leave out labels or split the question`
    findings.push({ path: ['steps', step.id, 'answers'], rule: 'too-many', message })
  }
  const seen = new Map<string, string>()
  for (const { id, label = '' } of offered) {
    const path = ['steps', step.id, 'answers', id, 'label']
    const other = seen.get(label)
    if (label.length > MAX_LABEL) {
      const message = `the button "${label}" has ${label.length} characters, at most ${MAX_LABEL} fit: make it shorter`
      findings.push({ path, rule: 'too-long', message })
    }
    if (other !== undefined) {
      const message = `the button "${label}" already stands for the answer "${other}" of this step: say what is different`
      findings.push({ path, rule: 'label-twice', message })
    }
    seen.set(label, id)
  }
  return findings
}

/** A question asked at two steps looks to the merchant as if the bot had forgotten the answer. */
function askedTwice(flow: Flow): readonly Finding[] {
  const seen = new Map<string, string>()
  return [...flow.steps.values()].flatMap((step) => {
    const text = step.ask.map((sentence) => sentence.text).join('')
    const other = seen.get(text)
    seen.set(text, step.id)
    if (other === undefined) return []
    const message = `the question is the same as that of "${other}": send merchants there, or ask what is different`
    return [{ path: ['steps', step.id, 'ask'], rule: 'same-question', message }]
  })
}

function money(flow: Flow): readonly Finding[] {
  if (!flow.money || flow.warning !== null) return []
  const message = 'a money flow needs a "warning" (“先别重刷。”), said while the result is unknown'
  return [{ path: ['money'], rule: 'money-warning', message }]
}

/** Where what the bot says comes from: `F1`, `Q2`, `§4.2`, `SR13`, a row `S01`–`S69` of the source audit, or `own` with a reason. */
const SOURCE = /^(?:F\d+|Q\d+|C|SR\d+|§[\d.]+(?: \(\w+\))?|S(?:0[1-9]|[1-5]\d|6\d)|R\d+|own: .+)$/u

function sources(flow: Flow): readonly Finding[] {
  const named: readonly (readonly [readonly string[], readonly string[]])[] = [
    [['source'], flow.source],
    ...[...flow.steps.values()].map(({ id, source }) => [['steps', id, 'source'], source] as const),
    ...[...flow.ends.values()].map(({ id, source }) => [['ends', id, 'source'], source] as const),
  ]
  const findings: Finding[] = named.flatMap(([path, source]) =>
    source
      .filter((entry) => !SOURCE.test(entry))
      .map((entry) => ({
        path,
        rule: 'source',
        message: `"${entry}" is no source: write a section (F1, Q2, §4.2, SR13), a row (S01), or "own: the reason"`,
      })),
  )
  if (flow.source.length > 0) return findings
  const message = 'nobody can tell why the bot says this: name the source'
  return [...findings, { path: ['source'], rule: 'source', message }]
}
