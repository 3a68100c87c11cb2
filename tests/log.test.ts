import { describe, expect, it } from 'vitest'
import { AppError } from '../src/core/errors.ts'
import { createLog } from '../src/log.ts'
import type { LogLevel } from '../src/config.ts'

function capture(level: LogLevel = 'debug') {
  const lines: string[] = []
  const log = createLog(level, { write: (line: string) => void lines.push(line) })
  return { log, lines, read: () => lines.map((line): Record<string, unknown> => JSON.parse(line)) }
}

describe('the log', () => {
  it('writes one JSON object a line, with the event, the time and the fields', () => {
    const { log, lines, read } = capture()
    log.info('ticket.opened', { ticketId: 't1', ms: 1.23456, seq: 3 })
    expect(lines).toHaveLength(1)
    expect(lines[0]?.endsWith('}\n')).toBe(true)
    expect(read()[0]).toEqual({
      level: 'info',
      time: expect.stringMatching(/^\d{4}-.*Z$/),
      event: 'ticket.opened',
      ticketId: 't1',
      ms: 1.2,
      seq: 3,
    })
  })

  it('keeps to its level', () => {
    const { log, lines } = capture('warn')
    log.debug('a')
    log.info('b')
    log.warn('c')
    log.error('d')
    expect(lines).toHaveLength(2)
    const quiet = capture('silent')
    quiet.log.error('e')
    expect(quiet.lines).toEqual([])
  })

  it('lets no other field through', () => {
    const { log, lines } = capture()
    const smuggled = {
      seq: 1,
      text: 'CANARY',
      password: 'CANARY',
      request: { headers: { cookie: 'CANARY' } },
    }
    log.info('message.taken', smuggled)
    expect(lines.join('')).not.toContain('CANARY')
    expect(lines.join('')).toContain('"seq":1')
  })

  it('keeps hostile text on one line and short', () => {
    const { log, lines } = capture()
    log.warn('x.happened', { reason: `a\r\n{"level":"info"}\u2028\u001b[31m${'y'.repeat(1e6)}` })
    expect(lines).toHaveLength(1)
    expect(lines[0]?.trimEnd()).not.toMatch(/[\r\n\u001b]/)
    expect(lines[0]?.length).toBeLessThan(500)
  })

  it('tells an error with its code, stack and causes', () => {
    const { log, read } = capture()
    const cause = new Error('disk is full')
    log.error('turn.failed', { error: new AppError('unavailable', 'cannot store', { cause }) })
    expect(read()[0]?.['error']).toMatchObject({
      name: 'AppError',
      code: 'unavailable',
      message: 'cannot store',
      stack: expect.stringContaining('log.test.ts'),
      cause: { name: 'Error', message: 'disk is full' },
    })
  })

  it('survives errors that are none, and causes without end', () => {
    const { log, lines } = capture()
    const endless = new Error('round and round')
    endless.cause = endless
    log.error('a', { error: endless })
    log.error('b', { error: 'text' })
    log.error('c', { error: null })
    expect(lines).toHaveLength(3)
    expect(lines[1]).not.toContain('"text"')
  })
})
