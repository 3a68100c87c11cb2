import { describe, expect, it } from 'vitest'

import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { z } from 'zod'

import { projectContent } from '../../src/content/project.ts'

/**
 * The rows of the source audit, the article the product started from: where each statement that is kept lives. A lead
 * who asks why the bot says a thing finds the row under `source` there.
 */
const HOMES: Readonly<Record<string, readonly string[]>> = {
  S01: ['card_fault'],
  S03: ['card_fault'],
  S04: ['card_fault', 'transaction_declined'],
  S05: ['card_fault'],
  S06: ['card_fault'],
  S07: ['card_fault'],
  S08: ['card_fault', 'software_update'],
  S09: ['card_fault', 'network_problem'],
  S10: ['card_fault'],
  S11: ['card_fault'],
  S12: ['card_fault'],
  S13: ['power_battery', 'device_frozen'],
  S14: ['card_fault'],
  S15: ['card_fault'],
  S16: ['card_fault', 'contact_support'],
  S17: ['software_update'],
  S18: ['sign_in_failed'],
  S19: ['software_update'],
  S20: ['network_problem'],
  S21: ['acquirer_genuine'],
  S22: ['acquirer_genuine'],
  S25: ['acquirer_genuine'],
  S27: ['deposit_fee_dispute', 'apply_terminal'],
  S29: ['cashout_request'],
  S31: ['network_problem'],
  S32: ['network_problem', 'txn_timeout'],
  S33: ['cleaning_maintenance'],
  S34: ['cleaning_maintenance', 'card_fault'],
  S35: ['card_fault'],
  S36: ['cleaning_maintenance', 'card_fault'],
  S37: ['cleaning_maintenance', 'physical_damage'],
  S38: ['cleaning_maintenance'],
  S39: ['cleaning_maintenance', 'power_battery'],
  S40: ['terminal_locked'],
  S41: ['software_update'],
  S44: ['card_fault'],
  S45: ['card_fault'],
  S46: ['power_battery'],
  S47: ['software_update', 'transaction_declined'],
  S48: ['card_fault'],
  S50: ['card_fault'],
  S51: ['card_fault', 'cleaning_maintenance'],
  S52: ['card_fault'],
  S53: ['cleaning_maintenance'],
  S54: ['printer_problem', 'qr_payment_problem'],
  S55: ['terminal_service'],
  S56: ['software_update'],
  S58: ['software_update'],
  S59: ['software_update'],
  S62: ['contact_support', 'talk_to_human'],
  S63: ['contact_support'],
  S64: ['card_fault'],
  S65: ['contact_support'],
  S66: ['physical_damage', 'contact_support'],
  S67: ['contact_support', 'deposit_fee_dispute'],
}
/** Fillers, adverts and advice that is wrong or dangerous: nothing may rest on them. */
const DROPPED = 'S02 S23 S24 S26 S28 S30 S42 S43 S49 S57 S60 S61 S68 S69'.split(' ')

const File = z.looseObject({ flow: z.string().optional(), intent: z.string().optional() })

/** Every `source` entry below a value. */
function sourcesIn(value: unknown): readonly string[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, item]: [string, unknown]) =>
    key === 'source' ? [item].flat().map(String) : sourcesIn(item),
  )
}

const { flows, intents } = projectContent()
const sources = new Map<string, readonly string[]>()
for (const folder of [flows, intents]) {
  for (const name of readdirSync(folder)) {
    const file = File.parse(parse(readFileSync(join(folder, name), 'utf8')))
    const id = file.flow ?? file.intent ?? name
    sources.set(id, [...(sources.get(id) ?? []), ...sourcesIn(file)])
  }
}

describe('a row of the source audit', () => {
  it.each(Object.entries(HOMES))('%s has its home', (row, homes) => {
    expect(homes.filter((home) => sources.get(home)?.includes(row) !== true)).toEqual([])
  })

  it('that is dropped is the source of nothing', () => {
    const all = [...sources.values()].flat()
    expect(DROPPED.filter((row) => all.includes(row))).toEqual([])
  })

  it('is either kept or dropped', () => {
    const rows = Array.from({ length: 69 }, (_, at) => `S${String(at + 1).padStart(2, '0')}`)
    expect(rows.filter((row) => (HOMES[row] === undefined) === !DROPPED.includes(row))).toEqual([])
  })
})
