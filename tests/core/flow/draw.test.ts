import { describe, expect, it } from 'vitest'

import { toSvg } from '../../../src/cli/drawing-svg.ts'
import { drawFlow, drawMap, toMermaid } from '../../../src/core/flow/draw.ts'
import { shippedContent } from '../../fixtures/content.ts'

const content = shippedContent()
const drawings = [
  ...[...content.flows.values()].map((flow) => ({ name: flow.id, drawing: drawFlow(flow, content.flows) })),
  { name: 'the map', drawing: drawMap(content) },
]

describe.each(drawings)('a drawing of $name', ({ name, drawing }) => {
  const ids = new Set(drawing.nodes.map(({ id }) => id))

  it('has a box for both ends of every arrow, and each box once', () => {
    expect(ids.size).toBe(drawing.nodes.length)
    expect(drawing.arrows.filter(({ from, to }) => !ids.has(from) || !ids.has(to))).toEqual([])
  })

  it('names every box in Mermaid', () => {
    const source = toMermaid(drawing)
    for (const { id } of drawing.nodes) expect(source).toContain(`  ${id}`)
    expect(source).not.toMatch(/undefined|\[object/u)
  })

  it('is a whole SVG in which no two boxes lie on each other', () => {
    const svg = toSvg(drawing, name)
    expect(svg.match(/<g>/gu)).toHaveLength(drawing.nodes.length)
    expect(svg).not.toMatch(/NaN|undefined|Infinity/u)
    const boxes = [
      ...svg.matchAll(/<g><rect x="([-\d.]+)" y="([-\d.]+)" width="([\d.]+)" height="([\d.]+)"/gu),
    ].map((found) => found.slice(1).map(Number))
    const overlaps = boxes.filter(([x = 0, y = 0, w = 0, h = 0], at) =>
      boxes.some(
        ([ox = 0, oy = 0, ow = 0, oh = 0], other) =>
          other > at && x < ox + ow && ox < x + w && y < oy + oh && oy < y + h,
      ),
    )
    expect(overlaps).toEqual([])
  })
})

describe('the map of all flows', () => {
  it('shows every flow and what starts it', () => {
    const { nodes } = drawMap(content)
    expect(nodes.map(({ name }) => name).filter((name) => name !== '')).toEqual([...content.flows.keys()])
    expect(nodes.find(({ name }) => name === 'card_fault')?.text).toContain('插卡读不出')
  })
})
