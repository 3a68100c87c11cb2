import { describe, expect, it } from 'vitest'
import type { Channel, InboundMessage } from '../../src/app/channel-ports.ts'
import type { MerchantAddress } from '../../src/app/ports.ts'
import type { TranscriptLine } from '../../src/core/transcript.ts'

/** A channel under test, with what its watchers get to see. */
export type ChannelUnderTest = {
  readonly channel: Channel
  /** Two merchants of this channel. */
  readonly noodles: MerchantAddress
  readonly tea: MerchantAddress
  /** The inbound message of the n-th thing a merchant wrote. Throws when it cannot be taken. */
  parse(address: MerchantAddress, n: number, text: string): InboundMessage
  /** Starts watching a merchant; the result counts how often something was delivered to them since. */
  watch(address: MerchantAddress): () => number
}

export type ChannelContractOptions = {
  /** Why a channel cannot show something of the contract. */
  readonly sharedWatchers?: string
  /** Why a channel cleans texts where others refuse them. */
  readonly cleansTexts?: string
}

const line = (seq: number, text: string): TranscriptLine => ({ seq, author: 'bot', text, at: 0 })

/** What every channel promises, run over each of them. */
export function describeChannel(
  name: string,
  make: () => ChannelUnderTest,
  options: ChannelContractOptions = {},
): void {
  describe(`the ${name} channel`, () => {
    it('carries the name of its messages', () => {
      const { channel, noodles, parse } = make()
      const message = parse(noodles, 1, '你好')
      expect(channel.name).toBe(name)
      expect(message.address).toEqual(noodles)
      expect(message.address.channel).toBe(name)
      expect(message.dedupeKey.startsWith(`${name}:`)).toBe(true)
    })

    it('gives a copy the same key and another message another', () => {
      const { noodles, parse } = make()
      expect(parse(noodles, 1, '你好').dedupeKey).toBe(parse(noodles, 1, '你好').dedupeKey)
      expect(parse(noodles, 1, '你好').dedupeKey).not.toBe(parse(noodles, 2, '你好').dedupeKey)
    })

    it.each(['你好', '  前后有空  ', '6222 0000', '👨‍👩‍👧 🇨🇳', '"><script>', '__proto__', 'toString'])(
      'passes %s on as it was written',
      (text) => {
        const { noodles, parse } = make()
        expect(parse(noodles, 1, text).content).toEqual({ kind: 'text', text })
      },
    )

    const untakeable = [
      ['NUL', 'a\0b'],
      ['half a surrogate pair', 'a\ud800b'],
      ['nothing', ' \u3000 '],
      ['too much', '卡'.repeat(4001)],
    ] as const

    it.each(untakeable)('never passes on %s', (_name, text) => {
      const { noodles, parse } = make()
      expect(passedOn(() => parse(noodles, 1, text))).not.toContain(text)
    })

    it.skipIf(options.cleansTexts).each(untakeable)('refuses %s', (_name, text) => {
      const { noodles, parse } = make()
      expect(() => parse(noodles, 1, text)).toThrow()
    })

    it('delivers lines to whoever watches, in order', async () => {
      const { channel, noodles, watch } = make()
      const delivered = watch(noodles)
      await channel.deliver(noodles, [line(2, '一')])
      expect(delivered()).toBe(1)
      await channel.deliver(noodles, [line(4, '二'), line(5, '三')])
      expect(delivered()).toBeGreaterThan(1)
    })

    it.skipIf(options.sharedWatchers)('delivers nothing to another merchant', async () => {
      const { channel, noodles, tea, watch } = make()
      const delivered = watch(tea)
      await channel.deliver(noodles, [line(2, '一')])
      expect(delivered()).toBe(0)
    })

    it('takes an empty delivery and one that nobody watches', async () => {
      const { channel, noodles } = make()
      await expect(channel.deliver(noodles, [])).resolves.toBeUndefined()
      await expect(channel.deliver(noodles, [line(2, '一')])).resolves.toBeUndefined()
    })
  })
}

/** The texts a channel passes on; none when it refuses. */
function passedOn(parse: () => InboundMessage): readonly string[] {
  let message: InboundMessage
  try {
    message = parse()
  } catch {
    return []
  }
  return message.content.kind === 'text' ? [message.content.text] : []
}
