import { describe, expect, it } from 'vitest'

import { interruptsOf } from '../../src/content/build-interrupts.ts'

const leads = {
  intents: new Set(['power_battery', 'qr_payment_problem']),
  flows: new Map([['power_battery', new Set(['PW0', 'E_SAFE'])]]),
}

function ruleOf(change: object): Parameters<typeof interruptsOf>[0] {
  const rule = { id: 'danger', intent: 'power_battery', words: ['冒烟'], priority: 'P1' as const, ...change }
  return { interrupts: [rule], refusals: [], notes: {} }
}

describe('interruptions', () => {
  it('enter a flow at its beginning, or at a place of it', () => {
    expect(interruptsOf(ruleOf({}), leads).interrupts).toMatchObject([{ place: null }])
    const { interrupts, findings } = interruptsOf(ruleOf({ starts: 'power_battery@E_SAFE' }), leads)
    expect(findings).toEqual([])
    expect(interrupts).toMatchObject([{ place: { flow: 'power_battery', step: 'E_SAFE' } }])
  })

  it.each([
    ['an intent', { intent: 'power_batery' }, ['interrupts', 0, 'intent'], 'power_battery'],
    ['a flow', { starts: 'power_batery@E_SAFE' }, ['interrupts', 0, 'starts'], 'power_battery'],
    ['a step', { starts: 'power_battery@E_SAVE' }, ['interrupts', 0, 'starts'], 'E_SAFE'],
    ['a place that is no place', { starts: 'power_battery' }, ['interrupts', 0, 'starts'], 'does not exist'],
    [
      'a place among the exceptions',
      { instead: [{ words: ['扫码'], intent: 'qr_payment_problem', starts: 'power_battery@PW9' }] },
      ['interrupts', 0, 'instead', 0, 'starts'],
      'PW0',
    ],
  ])('cannot lead to %s that does not exist', (_, change, path, hint) => {
    const { findings } = interruptsOf(ruleOf(change), leads)
    expect(findings).toMatchObject([{ path, rule: 'unknown-id' }])
    expect(findings[0]?.message).toContain(hint)
  })
})
