import express from 'express'
import { describe, expect, it } from 'vitest'
import { createMetrics } from '../../src/http/metrics.ts'
import { mountRoutes, type MountNeeds } from '../../src/http/mount-routes.ts'
import type { Route } from '../../src/http/route.ts'
import { Watchers } from '../../src/http/watchers.ts'
import { MemoryStore } from '../fixtures/memory-store.ts'
import { SteadyClock, SteadyIds } from '../fixtures/steady.ts'

const silent = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} }

function needs(): MountNeeds {
  return {
    ids: new SteadyIds(),
    log: silent,
    metrics: createMetrics(new MemoryStore(), new Watchers(1), new SteadyClock()),
  }
}

function route(path: string): Route {
  return {
    method: 'get',
    path,
    policy: 'public',
    summary: 'A route',
    answer: { status: 200, type: 'application/json' },
    serve: async () => ({ status: 200, json: {} }),
  }
}

describe('mountRoutes', () => {
  it('refuses to start with a route that does not say who may call it', () => {
    const planted = route('/planted')
    Reflect.deleteProperty(planted, 'policy')
    expect(() => mountRoutes(express(), [route('/fine'), planted], needs())).toThrow('get /planted')
  })

  it('refuses to start with a route for no role at all', () => {
    expect(() => mountRoutes(express(), [{ ...route('/planted'), policy: [] }], needs())).toThrow(
      'get /planted',
    )
  })

  it('refuses to start with a handler that is not in the table', () => {
    const app = express()
    app.get('/planted', (_request, response) => void response.end())
    expect(() => mountRoutes(app, [route('/fine')], needs())).toThrow('/planted')
  })

  it('starts when every route says who may call it', () => {
    expect(() => mountRoutes(express(), [route('/fine')], needs())).not.toThrow()
  })
})
