import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buildAssets } from '../../scripts/build-assets.mjs'

let folder = ''
const files = new Map<string, string>()

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'posdesk-assets-'))
  await buildAssets(folder)
  for (const name of await readdir(folder)) files.set(name, await readFile(join(folder, name), 'utf8'))
})
afterAll(() => rm(folder, { recursive: true }))

function textOf(name: string): string {
  const text = files.get(name)
  if (text === undefined) throw new Error(`${name} was not built`)
  return text
}

const gzippedBytes = (...names: string[]) =>
  names.reduce((sum, name) => sum + gzipSync(textOf(name), { level: 9 }).length, 0)

describe('the built browser files', () => {
  it('are exactly the ones the server knows', () => {
    expect([...files.keys()].sort()).toEqual([
      'chat.html',
      'console.css',
      'console.html',
      'console.js',
      'icon.svg',
      'panel.css',
      'panel.js',
      'shop.css',
      'shop.html',
      'widget.js',
    ])
  })

  it('stay small enough for a cheap phone on a poor line', () => {
    expect(gzippedBytes('widget.js')).toBeLessThanOrEqual(5 * 1024)
    expect(gzippedBytes('panel.js', 'panel.css', 'chat.html')).toBeLessThanOrEqual(30 * 1024)
  })

  it.each(['chat.html', 'shop.html'])('%s holds no script, style or handler of its own', (name) => {
    const html = textOf(name)
    expect(html).not.toMatch(/<script(?![^>]*\ssrc=)/)
    expect(html).not.toMatch(/<style|\sstyle=|\son[a-z]+=|javascript:/i)
  })

  it('reach for nothing on other hosts', () => {
    for (const [name, text] of files) {
      // React names its help pages in error texts; the policy of the console lets it reach its own host only.
      if (name === 'console.js') continue
      const addresses = text.match(/(?:https?:)?\/\/[\w.-]+\.[a-z]{2,}/gi) ?? []
      expect([name, addresses.filter((address) => address !== 'http://www.w3.org')]).toEqual([name, []])
    }
  })

  it('keep to syntax that old in-app browsers read', () => {
    for (const name of ['panel.js', 'widget.js'])
      expect(textOf(name)).not.toMatch(/\?\?=|\?\.[a-z([]|#\w+\s*=/i)
  })

  it('never turn text into markup', () => {
    for (const name of ['panel.js', 'widget.js'])
      expect(textOf(name)).not.toMatch(/innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(/)
  })

  it('leave the loader readable in a page of any encoding', () => {
    expect(textOf('widget.js')).toMatch(/^[\x20-\x7e\n]*$/)
  })
})
