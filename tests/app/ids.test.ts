import { describe, expect, it } from 'vitest'
import { createIds, idFromBytes } from '../../src/app/ids.ts'
import { isOwnId } from '../../src/core/ids.ts'

describe('ids', () => {
  it('have the form of own ids, never twice, with every letter about as often', () => {
    const ids = createIds()
    const made = Array.from({ length: 4_000 }, () => ids.id())
    expect(made.every(isOwnId)).toBe(true)
    expect(new Set(made).size).toBe(made.length)
    const counts = new Map<string, number>()
    for (const letter of made.join('')) counts.set(letter, (counts.get(letter) ?? 0) + 1)
    const wanted = (4_000 * 26) / 36
    expect(counts.size).toBe(36)
    for (const count of counts.values()) expect(Math.abs(count - wanted)).toBeLessThan(wanted * 0.15)
  })

  it('pass over bytes that would favour some letters', () => {
    expect(idFromBytes(new Uint8Array(26).fill(0))).toBe('a'.repeat(26))
    expect(idFromBytes(new Uint8Array(26).fill(251))).toBe('9'.repeat(26))
    expect(idFromBytes(new Uint8Array(200).fill(252))).toBeUndefined()
    expect(idFromBytes(new Uint8Array(25))).toBeUndefined()
  })

  it('secrets are hex of as many bytes', () => {
    expect(createIds().secret(16)).toMatch(/^[0-9a-f]{32}$/)
  })

  it('ticket numbers carry the day in Shanghai', () => {
    const ids = createIds()
    expect(ids.ticketNumber(Date.UTC(2026, 10, 25, 15, 59, 59))).toMatch(/^261125-\d{5}$/)
    expect(ids.ticketNumber(Date.UTC(2026, 10, 25, 16, 0, 0))).toMatch(/^261126-\d{5}$/)
  })
})
