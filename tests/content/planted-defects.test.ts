import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { loadContent } from '../../src/content/load-content.ts'
import { projectContent, projectRoot } from '../../src/content/project.ts'

const scratch = mkdtempSync(join(tmpdir(), 'posdesk-defects-'))
const folders = {
  intents: join(scratch, 'intents'),
  flows: join(scratch, 'flows'),
  data: join(scratch, 'data'),
}

beforeAll(() => {
  for (const name of ['intents', 'flows', 'data'] as const) {
    cpSync(projectContent()[name], folders[name], {
      recursive: true,
      filter: (path) => !path.startsWith(join(projectRoot, 'data/store')),
    })
  }
})
afterAll(() => rmSync(scratch, { recursive: true, force: true }))

/** Plants a defect, gives what the check finds, and takes it out again. */
function plant(file: string, find: string, put: string): readonly string[] {
  const path = join(scratch, file)
  const before = readFileSync(path, 'utf8')
  if (!before.includes(find)) throw new Error(`${file} does not contain "${find}"`)
  writeFileSync(path, before.replace(find, put))
  const { problems } = loadContent(folders)
  writeFileSync(path, before)
  return problems.map(
    (problem) =>
      `${problem.file.slice(scratch.length + 1)}:${problem.line} ${problem.rule} ${problem.message}`,
  )
}

const CARD = 'flows/card_fault.yaml'
const TIMEOUT = 'flows/txn_timeout.yaml'

describe('the shipped content', () => {
  it('has no problem', () => {
    expect(loadContent(projectContent()).problems).toEqual([])
    expect(loadContent(folders).problems).toEqual([])
  })
})

describe('a defect in a flow', () => {
  it.each([
    [
      'a step that does not exist',
      CARD,
      'go: CF1b',
      'go: CF1bb',
      /unknown-id "CF1bb" does not exist\. Did you mean "CF1b"/u,
    ],
    [
      'an end that does not exist',
      CARD,
      'go: R_CARD',
      'go: R_KARD',
      /unknown-id "R_KARD" does not exist\. Did you mean "R_CARD"/u,
    ],
    [
      'a flow that does not exist',
      CARD,
      'go: charged_no_slip',
      'go: charged_noslip',
      /"charged_noslip" does not exist\. Did you mean "charged_no_slip"/u,
    ],
    [
      'a place that another flow does not have',
      CARD,
      'transaction_declined@by_code',
      'transaction_declined@bycode',
      /has no "bycode"\. Did you mean "by_code"/u,
    ],
    [
      'a way back that leads nowhere',
      CARD,
      'network_problem, back to CF7',
      'network_problem, back to CF77',
      /"back to CF77" leads nowhere/u,
    ],
    ['a misspelt key', CARD, 'simpler: 请拿另外', 'simplr: 请拿另外', /simplr.*Did you mean "simpler"/u],
    ['a missing question', CARD, 'ask: 卡上有金色芯片吗？', 'label: x', /ask/u],
    [
      'a question that is too long',
      CARD,
      'ask: 卡上有金色芯片吗？',
      `ask: ${'卡上有没有金色的芯片呢'.repeat(6)}？`,
      /too-long/u,
    ],
    ['a link in a text', CARD, 'say: 更新完成', 'say: 见 www.example.com 更新完成', /never-say/u],
    ["an author's mark in a text", CARD, 'say: 更新完成', 'say: R_UPD 更新完成', /never-say/u],
    ['a telephone number in a text', CARD, 'say: 更新完成', 'say: 请拨4008888888，更新完成', /never-say/u],
    [
      'a phrase that belongs to two answers',
      CARD,
      'phrases: [都不行, 换了还报错',
      'phrases: [别的卡正常, 都不行, 换了还报错',
      /phrase-twice "别的卡正常"/u,
    ],
    [
      'a phrase that is understood as another answer',
      CARD,
      'phrases: [没别的卡, ',
      'phrases: [没别的卡, 都不行了, ',
      /too-alike "都不行了"/u,
    ],
    [
      'an answer nobody can give',
      CARD,
      '      unsure:\n        means: unsure\n        go: CF2\n',
      '      unsure:\n        go: CF2\n',
      /no-phrases/u,
    ],
    [
      'a condition that cannot be read',
      CARD,
      'if: CF1b is no, then: CF5',
      'if: CF1b equals no, then: CF5',
      /condition "CF1b equals no" cannot be read/u,
    ],
    [
      'a condition over an unknown name',
      CARD,
      'if: CF1b is no, then: CF5',
      'if: CF1z is no, then: CF5',
      /"CF1z" is no step, slot or note/u,
    ],
    [
      'a condition over an unknown answer',
      CARD,
      'if: CF1b is no, then: CF5',
      'if: CF1b is nope, then: CF5',
      /step "CF1b" has no answer "nope"\. Did you mean "no"/u,
    ],
    [
      'a fork without else',
      CARD,
      '          - { else: CF2 }',
      '          - { if: CF1 is known, then: CF2 }',
      /no-else/u,
    ],
    [
      'an unknown slot to collect',
      CARD,
      'collect: S-call',
      'collect: S-cal',
      /unknown-slot "S-cal" is no slot\. Did you mean "S-call"/u,
    ],
    ['an unknown priority', CARD, 'priority: P1, collect', 'priority: P0, collect', /priority/u],
    [
      'a way out that is no ticket',
      CARD,
      'escalate: E_READER',
      'escalate: R_CARD',
      /escalate "R_CARD" must be an end with a ticket/u,
    ],
    ['a money flow without its warning', TIMEOUT, 'warning: 先别重刷。\n', '', /money-warning/u],
    ['a file with another name', CARD, 'flow: card_fault', 'flow: card_faults', /file-name/u],
    ['a step nothing leads to', CARD, 'go: CF7p', 'go: CF7', /unreachable nothing leads to "CF7p"/u],
    ['a circle without a way out', TIMEOUT, 'go: E_UNK', 'go: TT4', /no-way-out/u],
    ['a tab', CARD, '  CF2:\n', '\tCF2:\n', /tab/iu],
    ['a key twice', CARD, '  CF2b:', '  CF2:', /CF2/u],
  ])('%s is named', (_, file, find, put, expected) => {
    const found = plant(file, find, put)
    expect(found.length).toBeGreaterThan(0)
    expect(
      found.some((line) => expected.test(line) && line.startsWith(`${file}:`)),
      found.join('\n'),
    ).toBe(true)
  })
})

describe('a defect in intents or data', () => {
  it.each([
    [
      'an intent that starts an unknown flow',
      'intents/card_fault.yaml',
      'starts: card_fault',
      'starts: card_flaut',
      /unknown-id "card_flaut" does not exist\. Did you mean "card_fault"/u,
    ],
    [
      'an intent that starts nothing',
      'intents/card_fault.yaml',
      'starts: card_fault\n',
      '',
      /intent-action/u,
    ],
    ['an intent without utterances', 'intents/bye.yaml', 'utterances:', 'utterance:', /utterance/u],
    ['a reply that is missing', 'data/replies.yaml', '  greet:', '  great:', /"greet" is missing/u],
    ['a code of an unknown class', 'data/response-codes.yaml', 'class: FUNDS', 'class: FOUNDS', /FOUNDS/u],
    ['a code twice', 'data/response-codes.yaml', 'code: "52"', 'code: "51"', /51/u],
    [
      'an interrupt to an unknown intent',
      'data/interrupts.yaml',
      'intent: duplicate_charge',
      'intent: duplicat_charge',
      /"duplicat_charge".*Did you mean "duplicate_charge"/u,
    ],
    ['a due time that is no number', 'data/provider.yaml', 'P1: 15', 'P1: soon', /P1/u],
    [
      'a bomb of aliases',
      'data/slots.yaml',
      'slots:',
      `x: &x [${'a,'.repeat(99)}]\ny: &y [${'*x,'.repeat(60)}]\nslots:`,
      /alias|unknown|x/iu,
    ],
  ])('%s is named', (_, file, find, put, expected) => {
    const found = plant(file, find, put)
    expect(
      found.some((line) => expected.test(line) && line.startsWith(`${file}:`)),
      found.join('\n'),
    ).toBe(true)
  })

  it('all are named at once', () => {
    const path = join(scratch, CARD)
    const before = readFileSync(path, 'utf8')
    writeFileSync(path, before.replace('go: CF1b', 'go: CF1x').replace('go: R_CARD', 'go: R_KARD'))
    const other = join(scratch, TIMEOUT)
    const timeout = readFileSync(other, 'utf8')
    writeFileSync(other, timeout.replace('go: E_UNK', 'go: E_UNC'))
    const { problems } = loadContent(folders)
    writeFileSync(path, before)
    writeFileSync(other, timeout)
    expect(problems.filter(({ rule }) => rule === 'unknown-id').length).toBeGreaterThanOrEqual(3)
  })
})
