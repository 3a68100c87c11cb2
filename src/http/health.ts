import type { Store } from '../app/ports.ts'
import { AppError } from '../core/errors.ts'
import type { Metrics } from './metrics.ts'
import { Nothing, type Route, type RouteMaker } from './route.ts'
import { HealthAnswer } from './schema.ts'

const STORE_PATIENCE_MS = 2_000

export type HealthNeeds = {
  readonly store: Store
  readonly metrics: Metrics
  /** False until the hub has loaded and again once the server stops. */
  readonly isServing: () => boolean
  /** JSON text of the API description. */
  readonly describeApi: () => string
}

/** The operator's side: contract.md §4. */
export function createHealthRoutes(make: RouteMaker, needs: HealthNeeds): Route[] {
  const health = { status: 200, type: 'application/json', schema: HealthAnswer }

  const live = make.forAnyone(
    {
      method: 'get',
      path: '/livez',
      summary: 'The process runs',
      body: Nothing,
      query: Nothing,
      answer: health,
    },
    async () => ({ status: 200, json: { status: 'ok' } }),
  )

  const ready = make.forAnyone(
    {
      method: 'get',
      path: '/readyz',
      summary: 'Messages can be taken',
      body: Nothing,
      query: Nothing,
      answer: health,
    },
    async () => {
      if (!needs.isServing()) throw new AppError('unavailable', 'the server is starting or stopping')
      await reachStore(needs.store)
      return { status: 200, json: { status: 'ok' } }
    },
  )

  const metrics = make.forOperator(
    { path: '/metrics', summary: 'Prometheus metrics', answer: { status: 200, type: 'text/plain' } },
    async ({ response }) => {
      const text = await needs.metrics.render()
      response.writeHead(200, { 'Content-Type': needs.metrics.contentType }).end(text)
      return 'sent'
    },
  )

  const openapi = make.forOperator(
    { path: '/openapi.json', summary: 'This description', answer: { status: 200, type: 'application/json' } },
    async ({ response }) => {
      response.writeHead(200, { 'Content-Type': 'application/json; charset=utf-8' }).end(needs.describeApi())
      return 'sent'
    },
  )

  return [live, ready, metrics, openapi]
}

async function reachStore(store: Store): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_resolve, reject) => {
    const refuse = (): void => reject(new AppError('unavailable', 'the store does not answer'))
    timer = setTimeout(refuse, STORE_PATIENCE_MS)
  })
  try {
    await Promise.race([store.counts(), late])
  } finally {
    clearTimeout(timer)
  }
}
