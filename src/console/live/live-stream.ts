import { Cell } from '../cell.ts'
import { MerchantTyping, PresenceEvent, TicketEvent, type Present } from '../wire.ts'

export type LiveState = 'connecting' | 'live' | 'lost'

/** How the stream of events stands. */
export const liveState = new Cell<LiveState>('connecting')
/** Who is at which ticket, by the ticket's id. */
export const presence = new Cell<Readonly<Record<string, readonly Present[]>>>({})

/** Tickets whose merchant is writing just now. */
export const merchantsTyping = new Cell<readonly string[]>([])

const TYPING_SHOWN_MS = 6_000
const LONGEST_WAIT_MS = 30_000

type Listener = {
  /** A conversation changed, or without an id: anything may have, while the stream was away. Read again. */
  onChange(conversationId?: string): void
  /** The stream broke: the session may have ended. */
  onLost(): void
}

/** Keeps one event stream open, with growing pauses between tries, until the returned function is called. */
export function followEvents({ onChange, onLost }: Listener): () => void {
  let source: EventSource | undefined
  let timer: ReturnType<typeof setTimeout> | undefined
  let failures = 0

  function open(): void {
    source = new EventSource('/desk/v1/events')
    source.onopen = () => {
      const wasLost = failures > 0
      failures = 0
      liveState.set('live')
      if (wasLost) onChange()
    }
    source.addEventListener('ticket', (event: MessageEvent<unknown>) => {
      const parsed = TicketEvent.safeParse(parseJson(event.data))
      onChange(parsed.success ? parsed.data.conversationId : undefined)
    })
    source.addEventListener('presence', (event: MessageEvent<unknown>) => {
      notePresence(event.data)
    })
    source.addEventListener('merchant-typing', (event: MessageEvent<unknown>) => {
      noteTyping(event.data)
    })
    source.onerror = () => {
      source?.close()
      failures += 1
      liveState.set('lost')
      onLost()
      const full = Math.min(LONGEST_WAIT_MS, 1_000 * 2 ** (failures - 1))
      timer = setTimeout(open, full * (1 - Math.random() / 2))
    }
  }

  open()
  return () => {
    clearTimeout(timer)
    source?.close()
    liveState.set('connecting')
    presence.set({})
  }
}

const typingTimers = new Map<string, ReturnType<typeof setTimeout>>()

function noteTyping(data: unknown): void {
  const ticketId = MerchantTyping.safeParse(parseJson(data)).data?.ticketId
  if (ticketId === undefined) return
  clearTimeout(typingTimers.get(ticketId))
  const others = (): string[] => merchantsTyping.get().filter((other) => other !== ticketId)
  merchantsTyping.set([...others(), ticketId])
  typingTimers.set(
    ticketId,
    setTimeout(() => {
      merchantsTyping.set(others())
    }, TYPING_SHOWN_MS),
  )
}

function notePresence(data: unknown): void {
  const parsed = PresenceEvent.safeParse(parseJson(data))
  if (parsed.success) presence.set({ ...presence.get(), [parsed.data.ticketId]: parsed.data.people })
}

function parseJson(data: unknown): unknown {
  try {
    return JSON.parse(String(data))
  } catch {
    return undefined
  }
}
