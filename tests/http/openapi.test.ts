import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { startServer, type RunningServer } from '../fixtures/running-server.ts'

const Document = z.object({
  openapi: z.literal('3.1.0'),
  info: z.object({ version: z.string() }),
  paths: z.record(z.string(), z.record(z.string(), z.looseObject({ responses: z.looseObject({}) }))),
  components: z.looseObject({ schemas: z.record(z.string(), z.looseObject({})) }),
})

let server: RunningServer

beforeAll(async () => {
  server = await startServer()
})

afterAll(async () => {
  await server.close()
})

describe('GET /openapi.json', () => {
  it('describes every API route with its policy, bodies and refusals', async () => {
    const text = await (await fetch(`${server.url}/openapi.json`)).text()
    const document = Document.parse(JSON.parse(text))
    const described = Object.entries(document.paths).flatMap(([path, operations]) =>
      Object.keys(operations).map((method) => `${method} ${path}`),
    )
    const served = server.server.routes.map(
      ({ method, path }) => `${method} ${path.replaceAll(/:(\w+)/g, '{$1}')}`,
    )
    expect(described.sort()).toEqual(served.sort())
    expect(document.info.version).toBe('0.0.0-test')
    expect(document.paths['/widget/v1/messages']?.['post']).toMatchObject({
      security: [{ session: [] }],
      requestBody: {
        content: { 'application/json': { schema: { $ref: '#/components/schemas/MessageBody' } } },
      },
    })
    expect(document.paths['/widget/v1/attachments']?.['post']).toMatchObject({
      security: [{ session: [] }],
      requestBody: { content: { 'multipart/form-data': { schema: { required: ['file'] } } } },
    })
    expect(document.paths['/desk/v1/logout']?.['post']).toMatchObject({ security: [{ staff: [], csrf: [] }] })
    expect(document.paths['/widget/v1/messages']?.['get']).toMatchObject({
      parameters: [{ name: 'after', in: 'query' }, { name: 'limit' }, { name: 'wait' }],
    })
    expect(document.components.schemas['MessageBody']).toMatchObject({
      anyOf: [{ additionalProperties: false }, { additionalProperties: false }],
    })
    for (const [reference] of text.matchAll(/#\/components\/schemas\/\w+/g)) {
      expect(document.components.schemas).toHaveProperty([reference.split('/').at(-1) ?? ''])
    }
  })
})
