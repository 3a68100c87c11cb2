import type { Express, NextFunction, Request, Response } from 'express'
import type { Log } from '../app/log.ts'
import type { Ids } from '../app/ports.ts'
import { AppError } from '../core/errors.ts'
import type { Metrics } from './metrics.ts'
import { RequestError } from './request-error.ts'
import type { Answer, Route } from './route.ts'
import { toProblem } from './to-problem.ts'

export type MountNeeds = { readonly ids: Ids; readonly log: Log; readonly metrics: Metrics }

/**
 * Puts the routes on express, with refusals for everything else.
 *
 * Throws when a route has no policy, or when express has a route that is not in the table: such a server must not
 * start.
 */
export function mountRoutes(app: Express, routes: readonly Route[], needs: MountNeeds): void {
  refuseUnguarded(app, routes)
  for (const route of routes) {
    app[route.method](route.path, (request, response) => serveRoute(route, request, response, needs))
  }
  for (const path of new Set(routes.map((route) => route.path))) {
    const allow = routes.filter((route) => route.path === path).flatMap(methodsOf)
    app.all(path, (request, response) => {
      refuse(
        new RequestError('wrong_method', `${path} does not take this method`, allow),
        path,
        request,
        response,
        needs,
      )
    })
  }
  app.use((request: Request, response: Response) => {
    refuse(new AppError('not_found', 'there is nothing at this address'), 'none', request, response, needs)
  })
  app.use((failure: unknown, request: Request, response: Response, next: NextFunction) => {
    // express knows an error handler by its four parameters; nothing comes after this one.
    void next
    refuse(failure, 'none', request, response, needs)
  })
}

async function serveRoute(
  route: Route,
  request: Request,
  response: Response,
  needs: MountNeeds,
): Promise<void> {
  const startedAt = performance.now()
  const requestId = needs.ids.id()
  response.setHeader('X-Request-Id', requestId)
  try {
    send(await route.serve({ request, response, requestId }), request, response)
    const isLong = route.answer.type === 'text/event-stream' || request.query['wait'] !== undefined
    const seconds = isLong ? undefined : (performance.now() - startedAt) / 1000
    needs.metrics.observe(route.path, request.method, response.statusCode, seconds)
  } catch (failure) {
    refuse(failure, route.path, request, response, needs, requestId)
  }
}

function send(answer: Answer, request: Request, response: Response): void {
  if (answer === 'sent' || response.writableEnded || response.destroyed) return
  const text = JSON.stringify(answer.json)
  // `end` of a ready text: `res.json` costs five times as much.
  response.writeHead(answer.status, {
    'Content-Type': 'application/json; charset=utf-8',
    'Content-Length': Buffer.byteLength(text),
  })
  response.end(request.method === 'HEAD' ? undefined : text)
}

function refuse(
  failure: unknown,
  route: string,
  request: Request,
  response: Response,
  needs: MountNeeds,
  requestId = needs.ids.id(),
): void {
  const { status, headers, body } = toProblem(failure, requestId)
  const fields = { requestId, method: request.method, route, status, code: body.code }
  if (body.code === 'internal') needs.log.error('request.failed', { ...fields, error: failure })
  else needs.log.debug('request.refused', fields)
  needs.metrics.observe(route, request.method, status)
  if (response.headersSent) {
    response.destroy()
    return
  }
  const text = JSON.stringify(body)
  response.setHeader('X-Request-Id', requestId)
  response.removeHeader('ETag')
  response.setHeader('Cache-Control', 'no-store')
  response.writeHead(status, {
    ...headers,
    'Content-Type': 'application/problem+json; charset=utf-8',
    'Content-Length': Buffer.byteLength(text),
  })
  response.end(request.method === 'HEAD' ? undefined : text)
}

function refuseUnguarded(app: Express, routes: readonly Route[]): void {
  const unguarded = routes.filter(({ policy }) => policy === undefined || policy.length === 0)
  if (unguarded.length > 0) {
    const names = unguarded.map((route) => `${route.method} ${route.path}`).join(', ')
    throw new AppError('internal', `routes without a policy: ${names}; say who may call them`)
  }
  const planted = app.router.stack.flatMap((layer) => (layer.route ? [layer.route.path] : []))
  if (planted.length > 0) {
    throw new AppError(
      'internal',
      `routes outside the table: ${planted.join(', ')}; add them to it with a policy`,
    )
  }
}

function methodsOf(route: Route): string[] {
  return route.method === 'get' ? ['GET', 'HEAD'] : [route.method.toUpperCase()]
}
