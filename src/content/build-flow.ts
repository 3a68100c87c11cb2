import { createHash } from 'node:crypto'

import { didYouMean } from '../core/did-you-mean.ts'
import type { Finding } from '../core/flow/finding.ts'
import { type Condition, comparisons, parseCondition } from '../core/flow/condition.ts'
import type { Answer, End, Flow, Go, Sentence, Step, Target, TicketPlan } from '../core/flow/flow.ts'
import type { Priority } from '../core/ticket.ts'
import type { Cases, Path, Said } from './cases.ts'
import { hint, wrongName } from './condition-name.ts'
import type { Surroundings } from './surroundings.ts'
import type { AnswerFile, EndFile, FlowFile, StepFile, TicketFile } from './schema.ts'

/**
 * Turns a flow file of the right shape into a flow: names become targets, words become conditions. Every name
 * that leads nowhere is a finding.
 */
export class FlowBuilder {
  readonly #file: FlowFile
  readonly #around: Surroundings
  readonly findings: Finding[] = []

  constructor(file: FlowFile, around: Surroundings) {
    this.#file = file
    this.#around = around
  }

  flow(): Flow {
    const file = this.#file
    const begin = this.#target(file.begin, ['begin'])
    if (file.ends[file.escalate]?.ticket === undefined) {
      this.#found(
        ['escalate'],
        'escalate',
        `"${file.escalate}" must be an end with a ticket${hint(file.escalate, Object.keys(file.ends))}`,
      )
    }
    return {
      id: file.flow,
      title: file.title,
      begin,
      money: file.money ?? false,
      warning: file.warning ?? null,
      escalate: file.escalate,
      steps: new Map(Object.entries(file.steps).map(([id, step]) => [id, this.#step(id, step)])),
      routes: new Map(
        Object.entries(file.routes ?? {}).map(([id, go]) => [id, { id, go: this.#go(go, ['routes', id]) }]),
      ),
      ends: new Map(Object.entries(file.ends).map(([id, end]) => [id, this.#end(id, end)])),
      notes: new Map(Object.entries(file.listens ?? {})),
      raises: this.#raises(file.raises ?? {}),
      remembers: this.#remembers(file.remembers ?? {}),
      source: file.source,
      hash: createHash('sha256').update(JSON.stringify(file)).digest('hex').slice(0, 16),
    }
  }

  #raises(file: Readonly<Record<string, string>>): ReadonlyMap<string, string> {
    const { notes } = this.#around
    for (const note of Object.keys(file)) {
      if (!notes.has(note))
        this.#found(['raises', note], 'unknown-id', `"${note}" is no note${hint(note, [...notes])}`)
    }
    return new Map(Object.entries(file))
  }

  #remembers(file: Readonly<Record<string, string>>): ReadonlyMap<string, Condition> {
    const conditions = new Map<string, Condition>()
    for (const [note, words] of Object.entries(file)) {
      const condition = this.#condition(words, ['remembers', note])
      if (condition !== undefined) conditions.set(note, condition)
    }
    return conditions
  }

  #step(id: string, file: StepFile): Step {
    const path: Path = ['steps', id]
    const answers = Object.entries(file.answers ?? {})
    if (answers.length > 0 === (file.collect !== undefined)) {
      this.#found(path, 'step', `step "${id}" needs either "answers" or "collect" (with "go"), and not both`)
    }
    if (file.collect !== undefined && file.go === undefined) {
      this.#found(path, 'step', `step "${id}" collects facts but has no "go": say where the talk goes on`)
    }
    if (answers.length > 0 && file.go !== undefined) {
      this.#found([...path, 'go'], 'step', `step "${id}" has answers, so its "go" stands at each answer`)
    }
    if (file.opens !== undefined && this.#file.ends[file.opens]?.ticket === undefined) {
      this.#found(
        [...path, 'opens'],
        'unknown-id',
        `"${file.opens}" is no end with a ticket${hint(file.opens, Object.keys(this.#file.ends))}`,
      )
    }
    return {
      id,
      ask: this.sentencesOf(file.ask, [...path, 'ask']),
      whenSkipped: this.sentencesOf(file.when_skipped, [...path, 'when_skipped']),
      simpler: file.simpler ?? null,
      action: file.action ?? null,
      answers: answers.map(([answerId, answer]) =>
        this.#answer(answerId, answer, [...path, 'answers', answerId]),
      ),
      collect: this.#wanted(file.collect, [...path, 'collect']),
      then: file.go === undefined ? [] : this.#go(file.go, [...path, 'go']),
      opens: file.opens ?? null,
      warns: file.warning !== 'none',
      numbered: file.numbered ?? true,
      source: file.source ?? [],
    }
  }

  #answer(id: string, file: AnswerFile, path: Path): Answer {
    const gives = file.gives ?? []
    gives.forEach((slot, index) => this.#slot(slot, [...path, 'gives', index]))
    return {
      id,
      ...(file.label === undefined ? {} : { label: file.label }),
      means: file.means === undefined ? [] : typeof file.means === 'string' ? [file.means] : file.means,
      phrases: file.phrases ?? [],
      told: file.told ?? [],
      set: this.settings(file.set ?? {}, [...path, 'set']),
      gives,
      say: this.sentencesOf(file.say, [...path, 'say']),
      go: this.#go(file.go, [...path, 'go']),
    }
  }

  /** `set:` names slots; every other name is a note. */
  settings(set: Readonly<Record<string, string>>, path: Path): Readonly<Record<string, string>> {
    for (const name of Object.keys(set)) {
      const slot = this.#around.slots.has(name) ? undefined : didYouMean(name, [...this.#around.slots.keys()])
      if (slot !== undefined)
        this.#found([...path, name], 'unknown-slot', `"${name}" is no slot. Did you mean "${slot}"?`)
    }
    return Object.fromEntries(
      Object.entries(set).map(([name, value]) => [
        this.#around.slots.has(name) ? name : `note.${name}`,
        value,
      ]),
    )
  }

  #end(id: string, file: EndFile): End {
    const path: Path = ['ends', id]
    return {
      id,
      say: this.sentencesOf(file.say, [...path, 'say']),
      ticket: file.ticket === undefined ? null : this.ticket(file.ticket, [...path, 'ticket']),
      source: file.source ?? [],
    }
  }

  ticket(file: TicketFile, path: Path): TicketPlan {
    return {
      reason: file.reason,
      priority: this.#cases<Priority, { when?: Condition; priority: Priority }>(
        file.priority,
        [...path, 'priority'],
        (value, when) => ({ priority: value, ...(when === undefined ? {} : { when }) }),
      ),
      collect: this.#collect(file.collect, [...path, 'collect']),
      holder: file.stays_with_bot === true ? 'bot' : 'queue',
    }
  }

  /** One set, a list of slots, or cases that each name a set. */
  #collect(file: TicketFile['collect'], path: Path): TicketPlan['collect'] {
    if (file === undefined) return []
    if (typeof file === 'string') return [{ slots: this.#wanted(file, path) }]
    const slots = file.filter((item) => typeof item === 'string')
    if (slots.length > 0 || file.length === 0) return [{ slots: this.#wanted(slots, path) }]
    const cases = file.filter((item) => typeof item !== 'string')
    return this.#cases(cases, path, (set, when, at) => ({
      slots: this.#wanted(set, at),
      ...(when === undefined ? {} : { when }),
    }))
  }

  #wanted(list: string | readonly string[] | undefined, path: Path): readonly string[] {
    if (list === undefined) return []
    const names = typeof list === 'string' ? [list] : list
    return names.flatMap((name, index) => {
      const set = this.#around.sets.get(name)
      if (set !== undefined) return set
      for (const slot of name.split('|'))
        this.#slot(slot, [...path, ...(typeof list === 'string' ? [] : [index])])
      return [name]
    })
  }

  #slot(name: string, path: Path): void {
    if (this.#around.slots.has(name)) return
    const known = [...this.#around.slots.keys(), ...this.#around.sets.keys()]
    this.#found(path, 'unknown-slot', `"${name}" is no slot${hint(name, known)}`)
  }

  #go(file: Cases<string>, path: Path): Go {
    return this.#cases(file, path, (name, when, at, said) => ({
      target: this.#target(name, at),
      say: this.sentencesOf(said, [...at.slice(0, -1), 'say']),
      ...(when === undefined ? {} : { when }),
    }))
  }

  #cases<Value extends string, Out>(
    file: Cases<Value>,
    path: Path,
    make: (value: Value, when: Condition | undefined, at: Path, said: Said | undefined) => Out,
  ): readonly Out[] {
    if (typeof file === 'string') return [make(file, undefined, path, undefined)]
    const last = file.at(-1)
    if (last === undefined || !('else' in last)) {
      this.#found(path, 'no-else', 'the last case must be "else", so that there is always a way on')
    }
    return file.map((branch, index) => {
      if ('else' in branch) {
        if (index < file.length - 1) this.#found([...path, index], 'no-else', '"else" must be the last case')
        return make(branch.else, undefined, [...path, index, 'else'], branch.say)
      }
      return make(
        branch.then,
        this.#condition(branch.if, [...path, index, 'if']),
        [...path, index, 'then'],
        branch.say,
      )
    })
  }

  /** Sentences as flows, ends and intents write them: one text, or a list with conditions. */
  sentencesOf(
    file: string | readonly (string | { if: string; then: string })[] | undefined,
    path: Path,
  ): readonly Sentence[] {
    if (file === undefined) return []
    if (typeof file === 'string') return [{ text: file }]
    return file.map((sentence, index) => {
      if (typeof sentence === 'string') return { text: sentence }
      const when = this.#condition(sentence.if, [...path, index, 'if'])
      return { text: sentence.then, ...(when === undefined ? {} : { when }) }
    })
  }

  #condition(words: string, path: Path): Condition | undefined {
    const condition = parseCondition(words)
    if (typeof condition === 'string') {
      this.#found(path, 'condition', `"${words}" cannot be read: ${condition}`)
      return undefined
    }
    for (const { name, value } of comparisons(condition)) {
      const wrong = wrongName(name, value, this.#file, this.#around)
      if (wrong !== undefined) this.#found(path, 'unknown-id', wrong)
    }
    return condition
  }

  /** Reads `CF5`, `E_READER`, `txn_timeout`, `txn_timeout@TT2`, `network_problem, back to CF7`. */
  #target(name: string, path: Path): Target {
    const [goal = '', back] = name.split(/,\s*back to\s+/u)
    const [flow = '', at] = goal.split('@')
    const { steps, ends, routes } = this.#file
    if (at === undefined && back === undefined) {
      if (steps[goal] !== undefined) return { kind: 'step', step: goal }
      if (ends[goal] !== undefined) return { kind: 'end', end: goal }
      if (routes?.[goal] !== undefined) return { kind: 'route', route: goal }
    }
    const places = this.#around.flows.get(flow)
    const own = [...Object.keys(steps), ...Object.keys(ends), ...Object.keys(routes ?? {})]
    if (places === undefined) {
      this.#found(
        path,
        'unknown-id',
        `"${goal}" does not exist${hint(goal, [...own, ...this.#around.flows.keys()])}`,
      )
    } else if (at !== undefined && !places.has(at)) {
      this.#found(path, 'unknown-id', `flow "${flow}" has no "${at}"${hint(at, [...places])}`)
    }
    if (back !== undefined && steps[back] === undefined) {
      this.#found(
        path,
        'unknown-id',
        `"back to ${back}" leads nowhere: it must be a step of this flow${hint(back, Object.keys(steps))}`,
      )
    }
    return {
      kind: 'flow',
      flow,
      ...(at === undefined ? {} : { step: at }),
      ...(back === undefined ? {} : { then: back }),
    }
  }

  #found(path: Path, rule: string, message: string): void {
    this.findings.push({ path, rule, message })
  }
}
