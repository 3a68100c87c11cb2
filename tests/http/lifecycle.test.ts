import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { describe, expect, it } from 'vitest'
import { AppError } from '../../src/core/errors.ts'
import { startServer, untilWatching, type RunningServer } from '../fixtures/running-server.ts'
import { WidgetClient } from '../fixtures/widget-client.ts'

describe('starting', () => {
  it('listens before the hub has loaded: not ready, but messages wait and are answered', async () => {
    let loadNow = (): void => {}
    const gate = new Promise<void>((resolve) => {
      loadNow = resolve
    })
    const server = await startServer({ loadHub: async (load) => gate.then(load) })
    expect((await fetch(`${server.url}/livez`)).status).toBe(200)
    const unready = await fetch(`${server.url}/readyz`)
    expect(unready.status).toBe(503)
    expect(unready.headers.get('retry-after')).toBe('1')
    const client = await WidgetClient.open(server.url)
    const waiting = client.say('m-1', '你好')
    loadNow()
    expect(await waiting).toBe(2)
    await server.ready
    expect((await fetch(`${server.url}/readyz`)).status).toBe(200)
    await server.close()
  })

  it('sends no merchant away because loading the hub held up the event loop', async () => {
    const server = await startServer({
      loadHub: (load) => {
        for (const until = performance.now() + 1_100; performance.now() < until;);
        return load()
      },
    })
    await server.ready
    await fetch(`${server.url}/livez`)
    await WidgetClient.open(server.url)
    await server.close()
  })

  it('says so when the hub cannot load', async () => {
    const server = await startServer({ loadHub: () => Promise.reject(new Error('no such module')) })
    await expect(server.ready).rejects.toThrow('no such module')
    const client = await WidgetClient.open(server.url)
    const refused = await client.post({ clientMsgId: 'm-1', text: '你好' })
    expect(refused.status).toBe(503)
    expect(await refused.text()).not.toContain('no such module')
    expect((await fetch(`${server.url}/readyz`)).status).toBe(503)
    await server.close()
  })

  it('refuses a port that is taken with one clear line', async () => {
    const server = await startServer()
    const port = Number(new URL(server.url).port)
    await expect(startServer({ settings: { port } })).rejects.toThrow(`cannot listen on 127.0.0.1:${port}`)
    await server.close()
  })

  it('is not ready while the store refuses', async () => {
    const server = await startServer()
    await server.ready
    server.store.failure = new AppError('unavailable', 'the disk is full')
    expect((await fetch(`${server.url}/readyz`)).status).toBe(503)
    expect((await fetch(`${server.url}/livez`)).status).toBe(200)
    await server.close()
  })
})

describe('stopping', () => {
  it('answers a long-poll with what there is', async () => {
    const server = await startServer()
    const client = await WidgetClient.open(server.url)
    await client.say('m-1', '你好')
    const waiting = client.read('?after=3&wait=25')
    await untilWatching(server, 1)
    await server.close(10_000)
    expect(await waiting).toEqual({ messages: [], lastSeq: 3, processedSeq: 2, holder: 'bot' })
  })

  it('lets a turn in work finish and its answer out', async () => {
    let finish = (): void => {}
    const gate = new Promise<void>((resolve) => {
      finish = resolve
    })
    let begun = (): void => {}
    const atWork = new Promise<void>((resolve) => {
      begun = resolve
    })
    const server = await startServer({
      receive: (_store, echo) => async (message) => {
        begun()
        await gate
        return echo(message)
      },
    })
    const client = await WidgetClient.open(server.url)
    const sending = client.post({ clientMsgId: 'm-1', text: '你好' })
    await atWork
    const closing = server.close(10_000)
    finish()
    expect(await (await sending).json()).toEqual({ seq: 2 })
    await closing
    await expect(fetch(`${server.url}/livez`)).rejects.toThrow()
  })

  it('waits neither for kept-alive nor for silent connections', async () => {
    const server = await startServer()
    await fetch(`${server.url}/livez`)
    const silent = await connectTo(server)
    const gone = once(silent, 'close')
    await server.close(60_000)
    await gone
  })

  it('cuts a request that never ends after the grace', async () => {
    const server = await startServer()
    const endless = await connectTo(server)
    endless.on('error', () => undefined)
    endless.write('POST /widget/v1/session HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{')
    const gone = new Promise((resolve) => endless.once('close', resolve))
    await server.close(50)
    await gone
  })
})

async function connectTo(server: RunningServer): Promise<Socket> {
  const { hostname, port } = new URL(server.url)
  const socket = connect(Number(port), hostname)
  await once(socket, 'connect')
  return socket
}
