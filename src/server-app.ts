import { join } from 'node:path'

import { createBus } from './app/bus.ts'
import { clearUnsent } from './app/clear-unsent.ts'
import { ensureFirstAdmin } from './app/ensure-first-admin.ts'
import { fireDue } from './app/fire-due.ts'
import { systemRandom } from './app/ids.ts'
import type { Log } from './app/log.ts'
import type { MessageHub } from './app/message-hub.ts'
import { postNotices, type PostNoticesNeeds } from './app/post-notices.ts'
import { createPasswords } from './app/passwords.ts'
import type { PushChannel } from './app/channel-ports.ts'
import type { SendOutcome } from './core/outbox.ts'
import type { Bus, Clock, Ids, Store } from './app/ports.ts'
import { findWaiting } from './app/waiting.ts'
import { type TurnReport, receiveMessage } from './app/receive-message.ts'
import { OutboxSender } from './app/send-outgoing.ts'
import { savePicture } from './app/save-picture.ts'
import type { SlackChannel } from './app/slack-channel.ts'
import type { WechatChannel } from './app/wechat-channel.ts'
import { createWechatChannel } from './channels/wechat/wechat-channel.ts'
import { createWebChannel } from './channels/web/web-channel.ts'
import type { Config, SlackConfig } from './config.ts'
import { projectRoot } from './content/project.ts'
import type { Content } from './core/content.ts'
import type { Conversation } from './core/conversation.ts'
import { type PosdeskServer, createServer } from './http/server.ts'
import type { Limits } from './http/limits.ts'
import { startDeadlineLoop } from './worker/deadline-loop.ts'
import { startOutboxLoop } from './worker/outbox-loop.ts'

/** A turn that takes longer than this is answered with “again later”; what it stored stays stored. */
const TURN_DEADLINE_MS = 10_000
const CLEAR_UNSENT_EVERY_MS = 10 * 60_000

export type AppNeeds = {
  readonly config: Config
  readonly content: Content
  readonly store: Store
  readonly clock: Clock
  readonly ids: Ids
  readonly log: Log
  readonly version: string
  readonly limits?: Partial<Limits>
  /** Folder of the built browser files; that of the build when absent. */
  readonly assetsDir?: string
}

export type PosdeskApp = {
  readonly server: PosdeskServer
  /** The log-in made on the very first start, to be shown once. */
  readonly firstAdmin: { readonly email: string; readonly password: string } | undefined
  /**
   * Starts the loops that do what is due and send what is on its way, once the hub is ready. The returned function
   * stops them and waits for what they have in hand.
   */
  startWork(): () => Promise<void>
}

/** Wires store, content, channels and HTTP into one server; nothing listens yet. */
export async function assemble(needs: AppNeeds): Promise<PosdeskApp> {
  const { config, content, store, clock, ids, log } = needs
  const passwords = createPasswords()
  const firstAdmin = await ensureFirstAdmin(store, config.admin, { passwords, clock, ids })
  const bus = createBus((error) => log.error('watcher.failed', { error }))
  const newSecret = (): string => ids.secret(32)
  const web = createWebChannel({
    secret: await store.secret('web-session', newSecret),
    ...(config.identitySecret === undefined ? {} : { identitySecret: config.identitySecret }),
    ids,
    clock,
    bus,
  })
  const receive = receiveMessage({
    store,
    content: () => content,
    clock,
    ids,
    waiting: findWaiting({ store, clock, content: () => content }),
    onTurn: (report) => logTurn(log, report),
  })
  let hub: MessageHub | undefined
  const slack = config.slack === undefined ? undefined : await loadSlack(config.slack, needs, bus)
  const wechat = createWechat(needs, bus, await store.secret('wechat-merchants', newSecret))
  const pushed: readonly PushChannel[] = [slack, wechat].filter((channel) => channel !== undefined)
  const outbox = createOutbox(needs, bus, pushed, () => hub)
  const server = await createServer({
    store,
    bus,
    clock,
    ids,
    log,
    web,
    ...(slack === undefined ? {} : { slack }),
    ...(wechat === undefined ? {} : { wechat: { channel: wechat, outbox } }),
    passwords,
    savePicture: savePicture({ store, clock, ids }),
    content: () => content,
    deviceSecret: await store.secret('known-device', newSecret),
    // Botkit takes a second to import: the port listens first.
    loadHub: async () => {
      const { createHub } = await import('./channels/botkit/hub.ts')
      hub = createHub({
        receive,
        channels: [web, ...pushed],
        deadlineMs: TURN_DEADLINE_MS,
        onError: (event, error, { channel }) => log.error(event, { error, channel }),
      })
      return hub
    },
    welcome: {
      greeting: content.replies.greet,
      ...(content.provider.name === undefined ? {} : { name: content.provider.name }),
      ...(content.provider.hotline === undefined ? {} : { hotline: content.provider.hotline }),
      locale: 'zh-CN',
    },
    assetsDir: needs.assetsDir ?? join(projectRoot, 'dist', 'assets'),
    version: needs.version,
    settings: {
      host: config.host,
      port: config.port,
      ...(config.publicUrl === undefined ? {} : { publicUrl: config.publicUrl }),
      allowedOrigins: config.allowedOrigins,
      trustProxy: config.trustProxy,
      ...(config.opsToken === undefined ? {} : { opsToken: config.opsToken }),
    },
    ...(needs.limits === undefined ? {} : { limits: needs.limits }),
  })
  const failed = (error: unknown): void => log.error('deadlines.failed', { error })
  const due = { store, bus, clock, ids, content: () => content, onError: failed }
  return {
    server,
    firstAdmin,
    startWork() {
      const stopDeadlines = startDeadlineLoop(() => fireDue(due), failed)
      const stopClearing = startDeadlineLoop(
        () => clearUnsent({ store, clock }),
        (error) => log.error('unsent_pictures.failed', { error }),
        CLEAR_UNSENT_EVERY_MS,
      )
      const stopLooking = startOutboxLoop(
        () => outbox.look(),
        bus,
        (error) => log.error('outbox.failed', { error }),
      )
      const stopNotices = startNotices(needs, slack)
      return async () => {
        await Promise.all([stopDeadlines(), stopClearing(), stopLooking(), stopNotices()])
        await outbox.stop()
      }
    },
  }
}

/** The Slack channel; its client is loaded only where it is used. */
async function loadSlack(
  slack: SlackConfig,
  { store, clock, log }: AppNeeds,
  bus: Bus,
): Promise<SlackChannel> {
  const { createSlackChannel } = await import('./channels/slack/slack-channel.ts')
  return createSlackChannel({
    ...slack,
    attachments: store.attachments,
    bus,
    clock,
    onError: (error) => log.error('slack.refused', { error, channel: 'slack' }),
  })
}

/** Tells staff of new tickets in Slack, where data/provider.yaml names a channel for it. */
function startNotices(
  { store, clock, content, config, log }: AppNeeds,
  slack: SlackChannel | undefined,
): () => Promise<void> {
  const channel = content.provider.slackNoticeChannel
  if (slack === undefined || channel === undefined) return async () => undefined
  const onError = (error: unknown): void => log.error('notices.failed', { error })
  const notices: PostNoticesNeeds = {
    store,
    clock,
    random: systemRandom,
    content: () => content,
    post: (notice) => slack.postNotice(channel, notice),
    consoleUrl: config.publicUrl ?? `http://${config.host}:${config.port}`,
    onError,
  }
  return startDeadlineLoop(() => postNotices(notices), onError)
}

/** The channel of the official account, when one is configured. */
function createWechat(
  { config, content, clock, log, store }: AppNeeds,
  bus: Bus,
  keySecret: string,
): WechatChannel | undefined {
  if (config.wechat === undefined) return undefined
  const { apiBase, ...account } = config.wechat
  return createWechatChannel({
    ...account,
    ...(apiBase === undefined ? {} : { base: apiBase }),
    keySecret,
    clock,
    bus,
    content: () => content,
    attachments: store.attachments,
    onAlert: (alert) => log.error('wechat.refused', alert),
  })
}

/** The sender of the outbox; it speaks through the hub, which is there once the server is ready. */
function createOutbox(
  { store, clock, log }: AppNeeds,
  bus: Bus,
  channels: readonly PushChannel[],
  hub: () => MessageHub | undefined,
): OutboxSender {
  const paceOf = new Map(channels.map((channel) => [channel.name, channel]))
  return new OutboxSender({
    store,
    bus,
    clock,
    random: systemRandom,
    send: async (conversation, line) =>
      (await hub()?.send(conversation, line)) ?? { kind: 'retry', afterMs: 1_000, reason: 'starting' },
    notBefore: (address) => paceOf.get(address.channel)?.notBefore?.(address) ?? 0,
    onOutcome: (conversation, seq, outcome) => logOutcome(log, conversation, seq, outcome),
    onError: (error, { channel }) => log.error('outbox.failed', { error, channel }),
  })
}

function logOutcome(log: Log, { id, channel }: Conversation, seq: number, outcome: SendOutcome): void {
  const fields = { channel, conversationId: id, seq }
  if (outcome.kind === 'sent') log.debug('line.sent', fields)
  else log.warn(`line.${outcome.kind}`, { ...fields, reason: outcome.reason })
}

function logTurn(log: Log, { conversation, effects, error }: TurnReport): void {
  const fields = {
    channel: conversation.channel,
    conversationId: conversation.id,
    seq: conversation.processedSeq,
  }
  if (error !== undefined) log.error('turn.failed', { ...fields, error })
  else log.debug('turn.taken', fields)
  for (const effect of effects) {
    if (effect.kind === 'ticket.opened') {
      log.info('ticket.opened', { ...fields, reason: effect.reason })
    } else if (effect.kind === 'conversation.handed_off') {
      log.info('conversation.handed_off', fields)
    }
  }
}
