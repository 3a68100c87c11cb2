import { createBus } from '../../src/app/bus.ts'
import { validated } from '../../src/app/validated.ts'
import { escapeText } from '../../src/channels/slack/markup.ts'
import { createSlackChannel } from '../../src/channels/slack/slack-channel.ts'
import { createTerminalChannel, parseTerminalLine } from '../../src/channels/terminal/terminal-channel.ts'
import { createWebChannel } from '../../src/channels/web/web-channel.ts'
import { describeChannel } from '../contracts/channel.contract.ts'
import { SIGNING_SECRET, SlackPusher, TEAM } from '../fixtures/slack/slack-pusher.ts'
import { SteadyClock, SteadyIds } from '../fixtures/steady.ts'

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
