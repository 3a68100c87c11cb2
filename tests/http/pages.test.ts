import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeBrowserFiles } from '../fixtures/browser-files.ts'
import { startServer, type RunningServer } from '../fixtures/running-server.ts'

let server: RunningServer
let removeFiles: () => Promise<void>

beforeAll(async () => {
  const { folder, remove } = await makeBrowserFiles()
  removeFiles = remove
  server = await startServer({ assetsDir: folder })
})

afterAll(async () => {
  await server.close()
  await removeFiles()
})

describe('browser files', () => {
  it.each([
    ['/', 'text/html; charset=utf-8', 'shop'],
    ['/chat', 'text/html; charset=utf-8', 'chat'],
    ['/chat?lang=en&from=wechat', 'text/html; charset=utf-8', 'chat'],
    ['/panel.js', 'text/javascript; charset=utf-8', 'panel'],
    ['/panel.css', 'text/css; charset=utf-8', '.row-7'],
    ['/widget.js', 'text/javascript; charset=utf-8', 'widget'],
    ['/console', 'text/html; charset=utf-8', 'console'],
    ['/console.js', 'text/javascript; charset=utf-8', 'console'],
    ['/console.css', 'text/css; charset=utf-8', 'body'],
    ['/assets/shop.css', 'text/css; charset=utf-8', 'body'],
  ])('%s', async (path, type, part) => {
    const answer = await fetch(server.url + path)
    expect(answer.status).toBe(200)
    expect(answer.headers.get('content-type')).toBe(type)
    expect(await answer.text()).toContain(part)
  })

  it('are asked for again by their tag, which answers 304 without a body', async () => {
    const first = await fetch(`${server.url}/panel.js`)
    expect(first.headers.get('cache-control')).toBe('public, no-cache')
    const tag = first.headers.get('etag') ?? ''
    const again = await fetch(`${server.url}/panel.js`, { headers: { 'If-None-Match': `"other", ${tag}` } })
    expect(again.status).toBe(304)
    expect(await again.text()).toBe('')
    expect((await fetch(`${server.url}/panel.js`, { headers: { 'If-None-Match': '"other"' } })).status).toBe(
      200,
    )
  })

  it('are compressed for whoever takes it', async () => {
    const small = await fetch(`${server.url}/panel.css`, { headers: { 'Accept-Encoding': 'gzip' } })
    expect(small.headers.get('content-encoding')).toBe('gzip')
    expect(small.headers.get('vary')).toBe('Accept-Encoding')
    const plain = await fetch(`${server.url}/panel.css`, { headers: { 'Accept-Encoding': 'identity' } })
    expect(plain.headers.get('content-encoding')).toBeNull()
    expect(await plain.text()).toBe(await small.text())
  })

  it('answer HEAD without a body', async () => {
    const answer = await fetch(`${server.url}/chat`, {
      method: 'HEAD',
      headers: { 'Accept-Encoding': 'identity' },
    })
    expect(answer.status).toBe(200)
    expect(Number(answer.headers.get('content-length'))).toBeGreaterThan(10)
    expect(await answer.text()).toBe('')
  })

  it('are those of the folder and of a browser, and nothing beside them', async () => {
    for (const path of [
      '/assets/notes.txt',
      '/notes.txt',
      '/shop.html',
      '/console.html',
      '/assets/..%2fpackage.json',
      '/assets/%00',
    ]) {
      expect([path, (await fetch(server.url + path)).status]).toEqual([path, 404])
    }
  })

  it('need not be there for the rest to run', async () => {
    const bare = await startServer({ assetsDir: 'tests/fixtures/no-such-folder' })
    expect((await fetch(bare.url)).status).toBe(404)
    expect((await fetch(`${bare.url}/livez`)).status).toBe(200)
    await bare.close()
  })
})
