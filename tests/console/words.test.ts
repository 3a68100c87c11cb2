import { describe, expect, it } from 'vitest'
import { AUDIT_ACTIONS } from '../../src/app/ports.ts'
import { DELIVERY_STATES } from '../../src/core/outbox.ts'
import { en } from '../../src/console/words/dictionary-en.ts'
import { zh } from '../../src/console/words/dictionary-zh.ts'

describe.each([
  ['Chinese', zh],
  ['English', en],
])('the console’s %s words', (_name, words) => {
  it('name every act in the audit trail, and nothing that is none', () => {
    expect(Object.keys(words.audit.actions).sort()).toEqual([...AUDIT_ACTIONS].sort())
  })

  it('name every state of a delivery', () => {
    for (const state of DELIVERY_STATES) expect(Object.keys(words.delivery)).toContain(state)
  })
})
