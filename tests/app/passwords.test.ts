import { describe, expect, it } from 'vitest'
import { createPasswords } from '../../src/app/passwords.ts'

const cheap = createPasswords({ logN: 4, parallelism: 1 })

describe('passwords', () => {
  it('are known again, and no other', async () => {
    const hash = await cheap.hash('correct horse battery')
    expect(hash).toMatch(/^scrypt\$4\$8\$1\$/)
    expect(hash).not.toContain('horse')
    expect(await cheap.verify('correct horse battery', hash)).toBe(true)
    expect(await cheap.verify('correct horse batterY', hash)).toBe(false)
    expect(await cheap.verify('', hash)).toBe(false)
  })

  it('are salted', async () => {
    expect(await cheap.hash('same')).not.toBe(await cheap.hash('same'))
  })

  it('are the same however their letters are composed', async () => {
    const hash = await cheap.hash('caf\u00e9 \uff21')
    expect(await cheap.verify('cafe\u0301 A', hash)).toBe(true)
  })

  it('of nobody are never right', async () => {
    expect(await cheap.verify('anything', undefined)).toBe(false)
  })

  it('hashed at another cost are still known', async () => {
    const hash = await createPasswords({ logN: 5, parallelism: 2 }).hash('moved house')
    expect(await cheap.verify('moved house', hash)).toBe(true)
  })

  it('at the real cost are hashed and known', async () => {
    const real = createPasswords()
    const hash = await real.hash('correct horse battery')
    expect(hash).toMatch(/^scrypt\$15\$8\$3\$/)
    expect(await real.verify('correct horse battery', hash)).toBe(true)
  })

  it.each(['', 'plain', 'scrypt$15$8$3$c2FsdA==', 'scrypt$4$8$1$c2FsdA==$c2hvcnQ='])(
    'with the broken hash %j are an error, not a refusal',
    async (hash) => {
      await expect(cheap.verify('x', hash)).rejects.toMatchObject({ code: 'internal' })
    },
  )

  it('are worked on two at once, queued, and refused beyond that', async () => {
    const passwords = createPasswords({ logN: 10, parallelism: 1 })
    const outcomes = await Promise.allSettled(
      Array.from({ length: 30 }, () => passwords.verify('x', undefined)),
    )
    const refused = outcomes.filter(({ status }) => status === 'rejected')
    expect(refused).toHaveLength(8)
    expect(refused[0]).toMatchObject({ reason: { code: 'unavailable', retryAfterMs: 3_000 } })
    expect(await passwords.verify('x', undefined)).toBe(false)
  })
})
