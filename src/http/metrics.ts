import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client'
import type { Clock, Store } from '../app/ports.ts'
import type { Watchers } from './watchers.ts'

export type Metrics = {
  readonly contentType: string
  /** Counts one answered request under its route's pattern, and its time where that says something. */
  observe(route: string, method: string, status: number, seconds?: number): void
  render(): Promise<string>
}

/** Makes this server's metrics. Labels are patterns and numbers, never anything a client sent. */
export function createMetrics(store: Store, watchers: Watchers, clock: Clock): Metrics {
  const registry = new Registry()
  const registers = [registry]
  collectDefaultMetrics({ register: registry })
  const requests = new Counter({
    name: 'posdesk_http_requests_total',
    help: 'Answered requests',
    labelNames: ['route', 'method', 'status'],
    registers,
  })
  const seconds = new Histogram({
    name: 'posdesk_http_request_seconds',
    help: 'Time from request to answer, streams and long-polls excepted',
    labelNames: ['route'],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers,
  })
  const conversations = new Gauge({ name: 'posdesk_conversations', help: 'Stored conversations', registers })
  const openTickets = new Gauge({ name: 'posdesk_open_tickets', help: 'Tickets not resolved', registers })
  const watching = new Gauge({ name: 'posdesk_watchers', help: 'Open streams and long-polls', registers })
  const outgoing = new Gauge({
    name: 'posdesk_outgoing_conversations',
    help: 'Conversations with lines on their way to a pushed channel',
    registers,
  })
  const overdue = new Gauge({
    name: 'posdesk_outgoing_overdue_seconds',
    help: 'How long the most overdue line should have left already',
    registers,
  })
  const unsent = new Gauge({
    name: 'posdesk_unsent_lines',
    help: 'Lines that have not arrived for sure: waiting, parked, failed, expired or unknown',
    registers,
  })
  return {
    contentType: registry.contentType,
    observe(route, method, status, took) {
      requests.inc({ route, method, status })
      if (took !== undefined) seconds.observe({ route }, took)
    },
    async render() {
      const counts = await store.counts()
      conversations.set(counts.conversations)
      openTickets.set(counts.openTickets)
      watching.set(watchers.size)
      const deliveries = await store.deliveryCounts(clock.now())
      outgoing.set(deliveries.outgoing)
      overdue.set(deliveries.overdueMs / 1000)
      unsent.set(deliveries.unsent)
      return registry.metrics()
    },
  }
}
