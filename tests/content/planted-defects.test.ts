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
  const { problems } = loadContent(folders, { advise: true })
  writeFileSync(path, before)
  return problems.map(
    (problem) =>
      `${problem.file.slice(scratch.length + 1)}:${problem.line} ${problem.rule} ${problem.message}`,
  )
}

const CARD = 'flows/card_fault.yaml'
const TIMEOUT = 'flows/txn_timeout.yaml'

describe('the shipped content', () => {
  it('has no problem and no warning', () => {
    expect(loadContent(projectContent(), { advise: true }).problems).toEqual([])
    expect(loadContent(folders, { advise: true }).problems).toEqual([])
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
    [
      'a label no button can hold',
      CARD,
      'label: 别的卡能读',
      `label: ${'别的卡能读出来'.repeat(4)}`,
      /too-long the button/u,
    ],
    ['two buttons with one label', CARD, 'label: 都读不了', 'label: 别的卡能读', /label-twice/u],
    [
      'a question asked at two steps',
      CARD,
      'ask: 卡上有金色芯片吗？',
      'ask: 请看这张卡：有过期、芯片划花、磁条磨损或弯折吗？',
      /same-question/u,
    ],
    [
      'a condition over a step that comes later',
      CARD,
      '          - { if: CF3c is no or CF3m is no or CF3n is no, then: CF4 }',
      '          - { if: CF10 is no_prompt, then: CF4 }',
      /read-too-early "CF10" is never answered before "CF1"/u,
    ],
    [
      'a flow without a source',
      CARD,
      'source: [F1, S01, S14, S64]',
      'source: []',
      /source nobody can tell why/u,
    ],
    [
      'a source that is none',
      CARD,
      'source: [F1, S01, S14, S64]',
      'source: [F1, S99]',
      /source "S99" is no source/u,
    ],
    [
      "a step's source that is none",
      CARD,
      'source: [S12, S35]',
      'source: 网上看的',
      /source "网上看的" is no source/u,
    ],
    ['advice to reset', CARD, 'say: 更新完成', 'say: 请恢复出厂设置，更新完成', /never-say.*a reset/u],
    [
      'advice to swab the slot',
      CARD,
      'say: 更新完成',
      'say: 用棉签蘸酒精擦卡槽，更新完成',
      /never-say.*harm to the reader/u,
    ],
    [
      'advice to open the housing',
      CARD,
      'simpler: 卡的正面',
      'simpler: 请拆开后盖，卡的正面',
      /never-say.*opening the housing/u,
    ],
    [
      'advice to take firmware from the web',
      CARD,
      'say: 更新完成',
      'say: 请到官网下载补丁，更新完成',
      /never-say.*foreign software/u,
    ],
    [
      'a default password',
      CARD,
      'say: 更新完成',
      'say: 主管密码一般是六个零，更新完成',
      /never-say.*a password/u,
    ],
    ['a second swipe', TIMEOUT, '这笔已成功', '请再刷一次，这笔已成功', /never-say.*a second swipe/u],
    ['a promise of time', TIMEOUT, '这笔已成功', '保证到账，这笔已成功', /never-say.*a promise of time/u],
    [
      'a button that says what it must not',
      CARD,
      'label: 别的卡能读',
      'label: 恢复出厂',
      /never-say.*a reset/u,
    ],
    [
      'an end that is too long',
      CARD,
      'say: 更新完成',
      `say: ${'更新完成请重新签到'.repeat(12)}`,
      /too-long/u,
    ],
    ['a missing title', CARD, 'title: 机器读不了卡\n', '', /title/u],
    ['a missing begin', CARD, 'begin: CF1\n', '', /begin/u],
    ['a begin that leads nowhere', CARD, 'begin: CF1\n', 'begin: CF0\n', /unknown-id "CF0"/u],
    ['an answer that leads nowhere', CARD, '        go: CF5\n', '', /go/u],
    ['an unknown general answer', CARD, 'means: cannot', 'means: cant', /cant/u],
    [
      'a slot that does not exist',
      CARD,
      'set: { card_interface: chip }',
      'set: { card_inteface: chip }',
      /card_inteface/u,
    ],
    [
      'a raise for a note nobody hears',
      'flows/network_problem.yaml',
      '  several_shops: 可能是',
      '  several_shop: 可能是',
      /unknown-id "several_shop" is no note. Did you mean "several_shops"/u,
    ],
    [
      'a memory of an answer that does not exist',
      TIMEOUT,
      'timed_out_before: TT2 is ok',
      'timed_out_before: TT2 is okk',
      /unknown-id step "TT2" has no answer "okk"/u,
    ],
    ['a reason that does not exist', CARD, 'reason: safety', 'reason: safty', /safty/u],
    [
      'an end nothing leads to',
      TIMEOUT,
      'ends:\n',
      'ends:\n  R_NEVER:\n    say: 好了。\n',
      /unreachable nothing leads to "R_NEVER"/u,
    ],
    ['a number where a text belongs', CARD, 'title: 机器读不了卡', 'title: 12', /title/u],
    ['a list where a text belongs', CARD, 'escalate: E_READER', 'escalate: [E_READER]', /escalate/u],
    ['brackets left open', CARD, 'phrases: [没别的卡, ', 'phrases: [[没别的卡, ', /.+/u],
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
    ['a due time that is no time', 'data/provider.yaml', 'P1: 15m', 'P1: soon', /P1.*15m, 2h/u],
    [
      'hours that end before they begin',
      'data/provider.yaml',
      '# staff_hours:\n#   working_days: 9:00-18:00\n',
      'staff_hours:\n  working_days: 18:00-9:00\n',
      /must end after they begin/u,
    ],
    [
      'an utterance under two intents',
      'intents/power_battery.yaml',
      'utterances:\n',
      'utterances:\n  - 卡片故障\n',
      /utterance-twice "卡片故障" also stands under "card_fault"/u,
    ],
    [
      'nearly the same utterance under two intents',
      'intents/power_battery.yaml',
      'utterances:\n',
      'utterances:\n  - 机子里头读卡的那个是不是坏了呀，啥卡都说不行啊\n',
      /utterances-alike .*"card_fault"/u,
    ],
    [
      'an answer that says what it must not',
      'intents/cleaning_maintenance.yaml',
      '先关机断电',
      '用酒精擦卡槽，先关机断电',
      /never-say/u,
    ],
    [
      'a reply with a link',
      'data/replies.yaml',
      '  bye: ',
      '  bye: 详见 www.example.com ',
      /never-say.*a link/u,
    ],
    [
      'a refusal that gives the advice',
      'data/interrupts.yaml',
      '请不要拆机',
      '请拆机看看',
      /never-say.*opening the housing/u,
    ],
    [
      'a command that does not exist',
      'data/replies.yaml',
      '  go_back:',
      '  go_bakc:',
      /"go_bakc" is never used\. Did you mean "go_back"/u,
    ],
    [
      'a kind of intent that does not exist',
      'intents/card_fault.yaml',
      'kind: business',
      'kind: busines',
      /busines/u,
    ],
    [
      'a conversational intent that starts a flow',
      'intents/bye.yaml',
      'kind: conversational',
      'kind: conversational\nstarts: card_fault',
      /intent-action/u,
    ],
    [
      'an intent that starts at an unknown step',
      'intents/card_read_chip.yaml',
      'starts: "card_fault@CF3c"',
      'starts: "card_fault@CF3x"',
      /"card_fault@CF3x" does not exist\. Did you mean "CF3c"/u,
    ],
    ['a holiday that is no day', 'data/holidays.yaml', 'from: 2026-', 'from: 2026/', /year-month-day/u],
    ['a code without its class', 'data/response-codes.yaml', '    class: OK\n', '', /class/u],
    ['a misspelt key of a slot', 'data/slots.yaml', 'lasting:', 'lastin:', /lastin.*Did you mean "lasting"/u],
    [
      'a set with an unknown slot',
      'data/slots.yaml',
      '|terminal_sn, terminal_model',
      '|terminal_sn, terminal_modl',
      /terminal_modl/u,
    ],
    [
      'an utterance that is no text',
      'intents/bye.yaml',
      'utterances:\n',
      'utterances:\n  - [拜, 拜]\n',
      /utterances/u,
    ],
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

  it('that teaches too little is warned of, and stops nothing', () => {
    const path = join(scratch, 'intents/power_battery.yaml')
    const before = readFileSync(path, 'utf8')
    const [head = ''] = before.split('utterances:\n')
    const alike = Array.from(
      { length: 25 },
      (_, at) => `  - 电池不行${'了啊呢吧呀'[at % 5] ?? ''}${at}\n`,
    ).join('')
    for (const [lines, rule] of [
      ['  - 电池鼓起来了\n', 'few-utterances'],
      [alike, 'one-sided'],
    ]) {
      writeFileSync(path, `${head}utterances:\n${lines ?? ''}`)
      const { problems, loaded } = loadContent(folders, { advise: true })
      writeFileSync(path, before)
      expect(problems.map((problem) => [problem.rule, problem.severity])).toEqual([[rule, 'warning']])
      expect(loaded).toBeDefined()
    }
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
