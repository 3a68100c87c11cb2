import type { Request } from 'express'
import type { Content } from '../core/content.ts'
import type { MessageHub } from '../app/message-hub.ts'
import type { Store } from '../app/ports.ts'
import type { SlackChannel, SlackSignature } from '../app/slack-channel.ts'
import { TakeSlack } from '../app/take-slack.ts'
import type { Exchange, Route, RouteMaker } from './route.ts'

export type SlackNeeds = {
  readonly store: Store
  readonly slack: SlackChannel
  readonly hub: () => Promise<MessageHub>
  readonly content: () => Pick<Content, 'replies'>
}

/**
 * Where Slack pushes to: contract.md §4. Answers 200 with nothing once the message is stored; 5xx makes Slack push it
 * again. Slack's own retry headers decide nothing: the first try may never have been stored.
 */
export function createSlackRoutes(make: RouteMaker, { store, slack, hub, content }: SlackNeeds): Route[] {
  const take = new TakeSlack({ store, channel: slack, hub, content })
  const check = (request: Request): void => slack.checkFreshness(signatureOf(request))

  const events = make.forVendor(
    {
      method: 'post',
      path: '/channels/slack/events',
      summary: 'Takes an event from Slack, signed by it',
      answer: { status: 200, type: 'application/json' },
    },
    check,
    async (exchange, body) => {
      slack.verify(signatureOf(exchange.request), body)
      const event = slack.parseEvent(body)
      if (event.kind === 'challenge') return { status: 200, json: { challenge: event.challenge } }
      if (event.kind === 'message') await take.message(event.message)
      return acknowledge(exchange)
    },
  )

  const actions = make.forVendor(
    {
      method: 'post',
      path: '/channels/slack/actions',
      summary: 'Takes the press of a button in Slack, signed by it',
      answer: { status: 200, type: 'application/json' },
    },
    check,
    async (exchange, body) => {
      slack.verify(signatureOf(exchange.request), body)
      const click = slack.parseClick(body)
      if (click !== undefined) await take.click(click)
      return acknowledge(exchange)
    },
  )

  return [events, actions]
}

/** An empty answer: anything else in it Slack would show to the merchant. */
function acknowledge({ response }: Exchange): 'sent' {
  response.writeHead(200, { 'Content-Length': 0 }).end()
  return 'sent'
}

function signatureOf({ headers }: Request): SlackSignature {
  return {
    timestamp: single(headers['x-slack-request-timestamp']),
    signature: single(headers['x-slack-signature']),
  }
}

/** A header sent twice is none: Node joins the two. */
function single(value: string | string[] | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined
}
