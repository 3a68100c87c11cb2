import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'

type Colours = ReadonlyMap<string, string>

/** The colours of a style sheet's first `:root` block, and those of its dark one over them. */
async function readThemes(file: string): Promise<{ light: Colours; dark: Colours }> {
  const css = await readFile(new URL(`../../src/widget/${file}`, import.meta.url), 'utf8')
  const blocks = [...css.matchAll(/:root\s*\{([^}]*)\}/g)].map(([, block = '']) => readColours(block))
  const [light = new Map(), dark = new Map()] = blocks
  return { light, dark: new Map([...light, ...dark]) }
}

function readColours(block: string): Map<string, string> {
  return new Map(
    [...block.matchAll(/--([\w-]+):\s*(#[0-9a-f]{6})/g)].map(([, name = '', hex = '']) => [name, hex]),
  )
}

/** WCAG 2.2 relative luminance. */
function luminance(hex: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const channel = Number.parseInt(hex.slice(at, at + 2), 16) / 255
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

function contrast(colours: Colours, pair: string): number {
  const [one = 0, other = 0] = pair.split(' on ').map((name) => {
    const hex = colours.get(name)
    if (hex === undefined) throw new Error(`no colour is called ${name}`)
    return luminance(hex)
  })
  return (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05)
}

const PANEL = [
  'text on page',
  'text on surface',
  'text on accent-soft',
  'text on agent',
  'text on danger-soft',
  'muted on page',
  'muted on surface',
  'accent on page',
  'accent on surface',
  'accent on accent-soft',
  'accent-strong on accent-soft',
  'own-text on own',
  'page on accent-strong',
  'agent-text on agent',
  'agent-text on page',
  'danger on page',
  'warn on warn-soft',
]
const SHOP = [
  'text on page',
  'text on card',
  'text on brand-soft',
  'muted on page',
  'muted on card',
  'card on brand',
  'brand on brand-soft',
  'good on good-soft',
  'good on card',
  'bad on bad-soft',
]

describe.each([
  ['panel.css', PANEL],
  ['shop.css', SHOP],
])('the colours of %s', (file, pairs) => {
  it.each(['light', 'dark'] as const)('are told apart by weak eyes in %s', async (theme) => {
    const colours = (await readThemes(file))[theme]
    const poor = pairs.filter((pair) => contrast(colours, pair) < 4.5)
    expect(poor).toEqual([])
  })
})
