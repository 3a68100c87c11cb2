import type { Request } from 'express'
import type { Bus, MerchantAddress, Store } from '../app/ports.ts'
import type { Typing } from '../app/typing.ts'
import { ROLES } from '../app/ports.ts'
import type { Limits } from './limits.ts'
import { networkOf } from './network.ts'
import type { Presence } from './presence.ts'
import { Nothing, type Route, type RouteMaker } from './route.ts'
import type { Watchers } from './watchers.ts'

export type DeskEventsNeeds = {
  readonly store: Store
  readonly bus: Bus
  readonly presence: Presence
  readonly typing: Typing
  readonly watchers: Watchers
  readonly limits: Limits
  readonly isLoggedIn: (request: Request) => Promise<boolean>
}

/** Events a slow reader may fall behind by; then it is cut off and reads everything anew. */
const MOST_BUFFERED_BYTES = 1_000_000

/** A log-in that ends takes its streams with it within this time (reliability.md S9). */
const LOG_IN_CHECK_MS = 1_000

/** The desk's live news: ids only, whoever hears them reads the tickets anew. */
export function createDeskEventsRoute(make: RouteMaker, needs: DeskEventsNeeds): Route {
  const { store, bus, presence, typing, watchers, limits } = needs
  return make.forStaff(
    ROLES,
    {
      method: 'get',
      path: '/desk/v1/events',
      summary: 'Tells as an event stream which tickets changed and who is at them',
      body: Nothing,
      query: Nothing,
      answer: { status: 200, type: 'text/event-stream' },
      isBackground: true,
    },
    async ({ request, response }) => {
      const { signal, leave } = watchers.enter(networkOf(request))
      response.writeHead(200, {
        'Content-Type': 'text/event-stream; charset=utf-8',
        'Cache-Control': 'no-cache, no-transform',
        'X-Accel-Buffering': 'no',
      })
      const send = (text: string): void => {
        if (response.destroyed) return
        if (response.writableLength > MOST_BUFFERED_BYTES) response.destroy()
        else response.write(text)
      }
      send('retry: 3000\n\n')
      const sendOf = (name: string, address: MerchantAddress): void => {
        void store.findCurrent(address).then(
          (talk) => {
            if (talk === undefined) return
            const ticketId = talk.tickets.at(-1)?.id
            send(eventOf(name, { conversationId: talk.id, ...(ticketId && { ticketId }) }))
          },
          () => undefined,
        )
      }
      const endings = [
        bus.subscribeAll(({ address }) => sendOf('ticket', address)),
        typing.subscribeAll((address, by) => {
          if (by === 'merchant') sendOf('merchant-typing', address)
        }),
        presence.subscribe((event) => send(eventOf('presence', event))),
      ]
      const beat = setInterval(() => send(': \n\n'), limits.heartbeatMs)
      const watch = setInterval(() => {
        void needs.isLoggedIn(request).then(
          (isIn) => (isIn ? undefined : leave()),
          () => undefined,
        )
      }, LOG_IN_CHECK_MS)
      await new Promise<void>((resolve) => {
        response.once('close', resolve)
        signal.addEventListener('abort', () => resolve())
        if (signal.aborted) resolve()
      })
      clearInterval(beat)
      clearInterval(watch)
      for (const end of endings) end()
      leave()
      response.end()
      return 'sent'
    },
  )
}

function eventOf(name: string, data: object): string {
  return `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`
}
