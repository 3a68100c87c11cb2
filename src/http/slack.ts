import type { Request } from 'express'
import type { SlackChannel, SlackSignature } from '../app/slack-channel.ts'
import { TakeSlack, type TakeSlackNeeds } from '../app/take-slack.ts'
import type { ReadRaw } from './raw-body.ts'
import type { Exchange, Route, RouteMaker } from './route.ts'

export type SlackNeeds = Omit<TakeSlackNeeds, 'channel'> & {
  readonly slack: SlackChannel
  readonly readRaw: ReadRaw
}

/**
 * Where Slack pushes to: contract.md §4. Answers 200 with nothing once the message is stored; 5xx makes Slack push it
 * again. Slack's own retry headers decide nothing: the first try may never have been stored.
 */
export function createSlackRoutes(make: RouteMaker, needs: SlackNeeds): Route[] {
  const { slack, readRaw } = needs
  const take = new TakeSlack({ ...needs, channel: slack })

  /** The bytes that Slack signed. What is too old is refused before any body is read. */
  async function readSigned({ request, response }: Exchange): Promise<Buffer> {
    const signature = signatureOf(request)
    slack.checkFreshness(signature)
    const body = await readRaw(request, response)
    slack.verify(signature, body)
    return body
  }

  const events = make.forProvider(
    {
      method: 'post',
      path: '/channels/slack/events',
      summary: 'Takes an event from Slack, signed by it',
      answer: { status: 200, type: 'application/json' },
    },
    async (exchange) => {
      const event = slack.parseEvent(await readSigned(exchange))
      if (event.kind === 'challenge') return { status: 200, json: { challenge: event.challenge } }
      if (event.kind === 'message') await take.message(event.message, event.pictures)
      return acknowledge(exchange)
    },
  )

  const actions = make.forProvider(
    {
      method: 'post',
      path: '/channels/slack/actions',
      summary: 'Takes the press of a button in Slack, signed by it',
      answer: { status: 200, type: 'application/json' },
    },
    async (exchange) => {
      const click = slack.parseClick(await readSigned(exchange))
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
