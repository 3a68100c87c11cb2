import { once } from 'node:events'
import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeBrowserFiles } from '../fixtures/browser-files.ts'
import { DeskClient } from '../fixtures/desk-client.ts'
import { addStaff, startServer, type RunningServer } from '../fixtures/running-server.ts'
import { postJson, WidgetClient } from '../fixtures/widget-client.ts'

const CSP = "default-src 'none';base-uri 'none';form-action 'none';frame-ancestors 'none'"

let server: RunningServer
let removeFiles: () => Promise<void>

beforeAll(async () => {
  const { folder, remove } = await makeBrowserFiles()
  removeFiles = remove
  server = await startServer({
    assetsDir: folder,
    settings: { allowedOrigins: ['https://shop.example'] },
    receive: (_store, echo) => async (message) => {
      if (message.content.kind === 'text' && message.content.text === 'boom') {
        throw new Error('SECRET-DETAIL at line 7')
      }
      return echo(message)
    },
  })
})

afterAll(async () => {
  await server.close()
  await removeFiles()
})

function expectSecure(answer: Response, policy = CSP): void {
  const { headers } = answer
  expect(headers.get('content-security-policy')).toBe(policy)
  expect(headers.get('x-content-type-options')).toBe('nosniff')
  expect(headers.get('referrer-policy')).toBe('no-referrer')
  expect(headers.get('cross-origin-opener-policy')).toBe('same-origin')
  expect(headers.get('permissions-policy')).toContain('camera=()')
  expect(headers.get('x-powered-by')).toBeNull()
  expect(headers.get('server')).toBeNull()
  expect(headers.get('access-control-allow-origin')).toBeNull()
}

describe('security headers', () => {
  it('are on every answer, whatever its status', async () => {
    const client = await WidgetClient.open(server.url)
    const desk = await DeskClient.loggedIn(server.url, await addStaff(server.store, 'admin'))
    const answers: [number, Response][] = [
      [200, await fetch(`${server.url}/livez`)],
      [201, await postJson(`${server.url}/widget/v1/session`, {})],
      [200, await client.get('/messages')],
      [200, await desk.get('/me')],
      [400, await client.post({})],
      [401, await fetch(`${server.url}/desk/v1/me`)],
      [403, await desk.post('/logout', {}, { 'X-CSRF-Token': '' })],
      [404, await fetch(`${server.url}/nothing`)],
      [405, await fetch(`${server.url}/livez`, { method: 'DELETE' })],
      [413, await client.post({ text: 'a'.repeat(70_000) })],
      [415, await fetch(`${server.url}/widget/v1/session`, { method: 'POST', body: 'x' })],
      [500, await client.post({ clientMsgId: 'm', text: 'boom' })],
    ]
    for (const [status, answer] of answers) {
      expect(answer.status).toBe(status)
      expectSecure(answer)
      expect(answer.headers.get('x-frame-options')).toBe('DENY')
      expect(answer.headers.get('cache-control')).toBe('no-store')
      expect(answer.headers.get('x-request-id')).toMatch(/^[a-z0-9]{26}$/)
    }
  })

  it('are on a stream', async () => {
    const client = await WidgetClient.open(server.url)
    const stop = new AbortController()
    expectSecure(await client.get('/stream', { signal: stop.signal }))
    stop.abort()
  })

  it('let the panel run its own files and be framed by us and the allowed shops', async () => {
    const panel = await fetch(`${server.url}/chat`)
    const own = "script-src 'self';style-src 'self';connect-src 'self';img-src 'self' blob:"
    const rest =
      "base-uri 'none';form-action 'none';frame-src 'none';frame-ancestors 'self' https://shop.example"
    expectSecure(panel, `default-src 'none';${own};${rest}`)
    expect(panel.headers.get('x-frame-options')).toBeNull()
    const shop = await fetch(server.url)
    expect(shop.headers.get('content-security-policy')).toContain("frame-src 'self';frame-ancestors 'none'")
  })

  it('let the console style itself by a nonce that is new in every answer', async () => {
    const nonces = new Set<string>()
    for (const page of [await fetch(`${server.url}/console`), await fetch(`${server.url}/console`)]) {
      const nonce = /content="([\w-]{24})"/u.exec(await page.text())?.[1] ?? ''
      const own = `script-src 'self';style-src 'self' 'nonce-${nonce}';connect-src 'self';img-src 'self' blob:`
      const rest = "base-uri 'none';form-action 'none';font-src 'self';frame-ancestors 'none'"
      expectSecure(page, `default-src 'none';${own};${rest}`)
      expect(page.headers.get('x-frame-options')).toBe('DENY')
      expect(page.headers.get('cache-control')).toBe('no-store')
      nonces.add(nonce)
    }
    expect(nonces.size).toBe(2)
  })

  it('let other sites load the snippet and nothing else', async () => {
    const policy = async (path: string): Promise<string | null> =>
      (await fetch(server.url + path)).headers.get('cross-origin-resource-policy')
    expect(await policy('/widget.js')).toBe('cross-origin')
    expect(await policy('/panel.js')).toBe('same-origin')
    expect(await policy('/livez')).toBe('same-origin')
  })

  it('ask browsers for https only behind https', async () => {
    expect((await fetch(`${server.url}/livez`)).headers.get('strict-transport-security')).toBeNull()
    const secure = await startServer({ settings: { publicUrl: 'https://help.example' } })
    const answer = await fetch(`${secure.url}/livez`)
    expect(answer.headers.get('strict-transport-security')).toBe('max-age=31536000')
    await secure.close()
  })
})

describe('a failure of ours', () => {
  it('shows nothing of itself but is logged whole, under the same id', async () => {
    const client = await WidgetClient.open(server.url)
    const answer = await client.post({ clientMsgId: 'm', text: 'boom' })
    const text = await answer.text()
    expect(JSON.parse(text)).toMatchObject({ status: 500, code: 'internal', title: 'Internal Server Error' })
    expect(text).not.toMatch(/SECRET|line 7|\.ts|at /)
    const entry = server.logged.findLast(({ event }) => event === 'request.failed')
    expect(entry?.fields).toMatchObject({
      requestId: answer.headers.get('x-request-id'),
      route: '/widget/v1/messages',
      error: expect.objectContaining({ message: 'SECRET-DETAIL at line 7' }),
    })
  })
})

describe('what is not HTTP', () => {
  it.each([
    ['garbage', 'garbage\r\n\r\n', 400],
    ['a bad header', 'GET /livez HTTP/1.1\r\nHost: x\r\nBad header\r\n\r\n', 400],
    [
      'two lengths',
      'POST /livez HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab',
      400,
    ],
    [
      'a length and chunks',
      'POST /livez HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
      400,
    ],
    ['headers of 9 kB', `GET /livez HTTP/1.1\r\nHost: x\r\nX-Long: ${'a'.repeat(9000)}\r\n\r\n`, 431],
    ['no host', 'GET /livez HTTP/1.1\r\nConnection: close\r\n\r\n', 400],
  ])('%s is refused, with headers', async (_name, request, status) => {
    const text = await raw(request)
    expect(text.split('\r\n')[0]).toContain(` ${status} `)
    expect(text).toContain('Content-Type: application/problem+json')
    expect(text).toContain(`Content-Security-Policy: ${CSP}`)
  })

  it('gets a problem as everybody does', async () => {
    const text = await raw('garbage\r\n\r\n')
    expect(text).toContain('Content-Type: application/problem+json')
    expect(text).toContain('X-Content-Type-Options: nosniff')
    expect(text).toContain(`Content-Security-Policy: ${CSP}`)
    expect(JSON.parse(text.slice(text.indexOf('\r\n\r\n')))).toMatchObject({ code: 'invalid', status: 400 })
  })

  async function raw(request: string): Promise<string> {
    const { hostname, port } = new URL(server.url)
    const socket = connect(Number(port), hostname)
    await once(socket, 'connect')
    socket.write(request)
    let text = ''
    for await (const chunk of socket) text += String(chunk)
    return text
  }
})

describe('a client that sends too slowly', () => {
  it('is cut off: the head within its time, the body within its own', async () => {
    const limits = { headersTimeoutMs: 60, requestTimeoutMs: 90, connectionsCheckMs: 20 }
    const slow = await startServer({ limits })
    const { hostname, port } = new URL(slow.url)
    for (const start of [
      'GET /livez HTTP/1.1\r\nHost: x\r\n',
      'POST /widget/v1/session HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 50\r\n\r\n{',
    ]) {
      const socket = connect(Number(port), hostname)
      await once(socket, 'connect')
      socket.write(start)
      let text = ''
      for await (const chunk of socket) text += String(chunk)
      expect(text).toContain('HTTP/1.1 408 Request Timeout')
    }
    await slow.close()
  })
})
