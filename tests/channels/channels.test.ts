import { createBus } from '../../src/app/bus.ts'
import { validated } from '../../src/app/validated.ts'
import { escapeText } from '../../src/channels/slack/markup.ts'
import { createSlackChannel } from '../../src/channels/slack/slack-channel.ts'
import { createTerminalChannel, parseTerminalLine } from '../../src/channels/terminal/terminal-channel.ts'
import { createWebChannel } from '../../src/channels/web/web-channel.ts'
import { createWechatChannel } from '../../src/channels/wechat/wechat-channel.ts'
import { describeChannel } from '../contracts/channel.contract.ts'
import { shippedContent } from '../fixtures/content.ts'
import { MemoryStore } from '../fixtures/memory-store.ts'
import { SIGNING_SECRET, SlackPusher, TEAM } from '../fixtures/slack/slack-pusher.ts'
import { SteadyClock, SteadyIds } from '../fixtures/steady.ts'
import { ACCOUNT, pushXml, signedPush } from '../fixtures/wechat-phone.ts'

describeChannel('web', () => {
  const bus = createBus()
  const channel = createWebChannel({
    secret: 'a secret',
    ids: new SteadyIds(),
    clock: new SteadyClock(),
    bus,
  })
  const [noodles, tea] = [channel.startSession({}), channel.startSession({})]
  return {
    channel,
    noodles: noodles.session.address,
    tea: tea.session.address,
    parse(address, n, text) {
      const { session } = address.merchantKey === tea.session.address.merchantKey ? tea : noodles
      return channel.parseMessage(
        session,
        validated(channel.bodies.message, { clientMsgId: `m-${n}`, text }, 'body'),
      )
    },
    watch(address) {
      let count = 0
      bus.subscribe(address, () => {
        count += 1
      })
      return () => count
    },
  }
})

describeChannel(
  'terminal',
  () => {
    const shown: unknown[] = []
    return {
      channel: createTerminalChannel((lines) => shown.push(...lines)),
      noodles: { channel: 'terminal', merchantKey: 'noodles' },
      tea: { channel: 'terminal', merchantKey: 'tea' },
      parse: ({ merchantKey }, n, text) => parseTerminalLine(merchantKey, n, text),
      watch() {
        const before = shown.length
        return () => shown.length - before
      },
    }
  },
  { sharedWatchers: 'one terminal shows one talk' },
)

describeChannel(
  'slack',
  () => {
    const bus = createBus()
    const pusher = new SlackPusher('http://nowhere.test')
    const channel = createSlackChannel({
      signingSecret: SIGNING_SECRET,
      botToken: 'xoxb-test',
      apiBase: 'http://127.0.0.1:9',
      attachments: new MemoryStore().attachments,
      bus,
      clock: new SteadyClock(),
      onError: () => undefined,
    })
    return {
      channel,
      noodles: { channel: 'slack', merchantKey: `${TEAM}:D1` },
      tea: { channel: 'slack', merchantKey: `${TEAM}:D2` },
      parse({ merchantKey }, n, text) {
        const changes = { channel: merchantKey.split(':')[1], ts: `1764000000.${n}` }
        const event = channel.parseEvent(Buffer.from(JSON.stringify(pusher.event(escapeText(text), changes))))
        if (event.kind !== 'message') throw new Error(`not a message: ${event.kind}`)
        return event.message
      },
      watch(address) {
        let count = 0
        bus.subscribe(address, () => {
          count += 1
        })
        return () => count
      },
    }
  },
  { cleansTexts: 'Slack would only push again what is refused' },
)

describeChannel(
  'wechat',
  () => {
    const bus = createBus()
    const clock = new SteadyClock()
    const channel = createWechatChannel({
      ...ACCOUNT,
      takesPlaintext: false,
      keySecret: 'merchant-keys',
      clock,
      bus,
      content: () => shippedContent(),
      attachments: new MemoryStore().attachments,
      onAlert: () => {},
    })
    const push = (openid: string, n: number, text: string) => {
      const fields = { CreateTime: '1', MsgType: 'text', Content: text, MsgId: String(n) }
      const { query, body } = signedPush(pushXml(openid, fields), clock.now())
      const named = Object.fromEntries(query)
      const opened = channel.open(
        {
          timestamp: named['timestamp'] ?? '',
          nonce: named['nonce'] ?? '',
          msgSignature: named['msg_signature'],
          encryptType: 'aes',
        },
        body,
      )
      return opened.push
    }
    const [noodles, tea] = ['oNoodles', 'oTea'].map((openid) => push(openid, 1, '').address)
    if (noodles === undefined || tea === undefined) throw new Error('there are no merchants')
    return {
      channel,
      noodles,
      tea,
      parse(address, n, text) {
        const { content, ...message } = push(address === tea ? 'oTea' : 'oNoodles', n, text)
        if (content.kind !== 'text') throw new Error(`${content.kind} is no text`)
        return { ...message, content: { kind: 'text', text: content.text } }
      },
      watch(address) {
        let count = 0
        bus.subscribe(address, () => {
          count += 1
        })
        return () => count
      },
    }
  },
  { cleansTexts: 'a refused push would only be pushed again, so texts are cleaned' },
)
