import type { Request, Response } from 'express'
import { z } from 'zod'
import type { Role } from '../app/ports.ts'
import type { Viewer } from '../app/staff-sessions.ts'
import { validated } from '../app/validated.ts'
import type { WebSession } from '../app/web-channel.ts'
import type { Guards } from './guards.ts'
import type { ReadBody } from './json-body.ts'

/**
 * Who may call: anyone, the holder of a widget session, a provider that signs its requests, the machine's operator, or
 * staff of these roles.
 */
export type Policy = 'public' | 'session' | 'signed' | 'operations' | readonly Role[]

/** One answer of a route in the API description. */
export type AnswerFacts = { readonly status: number; readonly type: string; readonly schema?: z.ZodType }

/** What a handler gives back: JSON to send, or `sent` when it has written to the response itself. */
export type Answer = { readonly status: number; readonly json: unknown } | 'sent'

export type Exchange = { readonly request: Request; readonly response: Response; readonly requestId: string }

export type Route = {
  readonly method: 'get' | 'post' | 'patch'
  readonly path: string
  readonly policy: Policy
  readonly summary: string
  readonly answer: AnswerFacts
  readonly body?: z.ZodType
  readonly query?: z.ZodType
  /** True when the body is a form with one file. */
  readonly takesFile?: boolean
  serve(exchange: Exchange): Promise<Answer>
}

type Facts<Body extends z.ZodType, Query extends z.ZodType> = {
  readonly method: 'get' | 'post' | 'patch'
  readonly path: string
  readonly summary: string
  readonly answer: AnswerFacts
  readonly body: Body
  readonly query: Query
}

/** A route for staff. One that is always called by itself keeps no idle log-in alive. */
type StaffFacts<Body extends z.ZodType, Query extends z.ZodType> = Facts<Body, Query> & {
  readonly isBackground?: true
}

type PlainFacts = Omit<Facts<z.ZodType, z.ZodType>, 'body' | 'query' | 'method'>

export type Call<Body extends z.ZodType, Query extends z.ZodType> = Exchange & {
  readonly body: z.output<Body>
  readonly query: z.output<Query>
}

/** The body or query of a route that takes none. */
export const Nothing = z.strictObject({})

/**
 * Makes routes whose policy and order of refusals are built in: who are you, did your own page send this, is your
 * role enough, is the request well formed; only then the handler looks anything up.
 */
export class RouteMaker {
  readonly #guards: Guards
  readonly #readBody: ReadBody

  constructor(guards: Guards, readBody: ReadBody) {
    this.#guards = guards
    this.#readBody = readBody
  }

  forAnyone<Body extends z.ZodType, Query extends z.ZodType>(
    facts: Facts<Body, Query>,
    handle: (call: Call<Body, Query>) => Promise<Answer>,
  ): Route {
    return {
      ...facts,
      policy: 'public',
      serve: async (exchange) => {
        if (facts.method !== 'get') this.#guards.refuseForeignOrigin(exchange.request)
        return handle(await this.#read(facts, exchange))
      },
    }
  }

  /** A page or asset: any query is ignored, since links to it may carry anything. */
  forPage(facts: PlainFacts, handle: (exchange: Exchange) => Promise<Answer>): Route {
    return { ...facts, method: 'get', policy: 'public', serve: handle }
  }

  forSession<Body extends z.ZodType, Query extends z.ZodType>(
    facts: Facts<Body, Query>,
    handle: (call: Call<Body, Query>, session: WebSession) => Promise<Answer>,
  ): Route {
    return {
      ...facts,
      policy: 'session',
      serve: async (exchange) => {
        const session = this.#guards.getSession(exchange.request)
        return handle(await this.#read(facts, exchange), session)
      },
    }
  }

  /** A route that takes a form with a file; the handler reads it when it is ready to. */
  uploadForSession(
    facts: PlainFacts,
    handle: (exchange: Exchange, session: WebSession) => Promise<Answer>,
  ): Route {
    return {
      ...facts,
      method: 'post',
      policy: 'session',
      takesFile: true,
      serve: async (exchange) => {
        const session = this.#guards.getSession(exchange.request)
        validated(Nothing, { ...exchange.request.query }, 'query')
        return handle(exchange, session)
      },
    }
  }

  uploadForStaff(
    roles: readonly Role[],
    facts: PlainFacts,
    handle: (exchange: Exchange, viewer: Viewer) => Promise<Answer>,
  ): Route {
    return {
      ...facts,
      method: 'post',
      policy: roles,
      takesFile: true,
      serve: async (exchange) => {
        const viewer = await this.#guards.getViewer(exchange.request)
        this.#guards.refuseForgery(exchange.request, viewer)
        this.#guards.refuseRole(viewer, roles)
        validated(Nothing, { ...exchange.request.query }, 'query')
        return handle(exchange, viewer)
      },
    }
  }

  /** A provider's way in: the handler proves by the signature who is calling, before it believes anything else. */
  forProvider(
    facts: PlainFacts & Pick<Route, 'method'>,
    handle: (exchange: Exchange) => Promise<Answer>,
  ): Route {
    return { ...facts, policy: 'signed', serve: handle }
  }

  forStaff<Body extends z.ZodType, Query extends z.ZodType>(
    roles: readonly Role[],
    facts: StaffFacts<Body, Query>,
    handle: (call: Call<Body, Query>, viewer: Viewer) => Promise<Answer>,
  ): Route {
    return {
      ...facts,
      policy: roles,
      serve: async (exchange) => {
        const viewer = await this.#guards.getViewer(exchange.request, facts.isBackground)
        if (facts.method !== 'get') this.#guards.refuseForgery(exchange.request, viewer)
        this.#guards.refuseRole(viewer, roles)
        return handle(await this.#read(facts, exchange), viewer)
      },
    }
  }

  forOperator(facts: PlainFacts, handle: (exchange: Exchange) => Promise<Answer>): Route {
    return {
      ...facts,
      method: 'get',
      policy: 'operations',
      serve: async (exchange) => {
        this.#guards.refuseOutsider(exchange.request)
        return handle(exchange)
      },
    }
  }

  async #read<Body extends z.ZodType, Query extends z.ZodType>(
    facts: Facts<Body, Query>,
    exchange: Exchange,
  ): Promise<Call<Body, Query>> {
    const query = validated(facts.query, { ...exchange.request.query }, 'query')
    const raw =
      facts.method === 'get' ? {} : ((await this.#readBody(exchange.request, exchange.response)) ?? {})
    return { ...exchange, query, body: validated(facts.body, raw, 'body') }
  }
}
