import { graphlib, layout } from '@dagrejs/dagre'

import type { Drawing, DrawnNode } from '../core/flow/draw.ts'
import { escapeMarkup } from '../core/escape-markup.ts'

const FONT = 13
const LINE = 18
const PADDING = 12
const WIDEST = 210
const LABEL_FONT = 11
const MARGIN = 24

const COLOURS: Readonly<Record<DrawnNode['kind'], { readonly fill: string; readonly stroke: string }>> = {
  entry: { fill: '#eef2ff', stroke: '#4f63c7' },
  step: { fill: '#ffffff', stroke: '#8793a3' },
  route: { fill: '#fff8e6', stroke: '#c28a1a' },
  flow: { fill: '#eef6fb', stroke: '#2b7fae' },
  solved: { fill: '#e9f7ee', stroke: '#2f855a' },
  ticket: { fill: '#fdecec', stroke: '#c53030' },
}

/** Lays a drawing out from top to bottom and renders it as an SVG file that needs nothing else. */
export function toSvg({ nodes, arrows }: Drawing, title: string): string {
  const graph = new graphlib.Graph({ multigraph: true })
  graph.setGraph({
    rankdir: 'TB',
    nodesep: 34,
    ranksep: 58,
    edgesep: 16,
    marginx: MARGIN,
    marginy: MARGIN + 28,
  })
  graph.setDefaultEdgeLabel(() => ({}))
  const texts = new Map(nodes.map((node) => [node.id, wrap(node.text, WIDEST)]))
  for (const { id, name } of nodes) {
    const lines = texts.get(id) ?? []
    const width = Math.max(60, widthOf(name, FONT), ...lines.map((line) => widthOf(line, FONT))) + 2 * PADDING
    const height = (lines.length + (name === '' ? 0 : 1)) * LINE + 2 * PADDING - 4
    graph.setNode(id, { width, height })
  }
  arrows.forEach(({ from, to, label }, at) => {
    const lines = wrap(label, 120)
    const width = Math.max(0, ...lines.map((line) => widthOf(line, LABEL_FONT)))
    graph.setEdge(
      from,
      to,
      { width, height: label === '' ? 0 : lines.length * 14, labelpos: 'c' },
      String(at),
    )
  })
  layout(graph)
  const size = graph.graph()
  const width = Math.max(size.width ?? 0, widthOf(title, 17) + 2 * MARGIN)
  const height = size.height ?? 0
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${round(width)} ${round(height)}" width="${round(width)}" height="${round(height)}" font-family="system-ui, 'Noto Sans CJK SC', 'PingFang SC', 'Microsoft YaHei', sans-serif">
<title>${escapeMarkup(title)}</title>
<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto"><path d="M0,0 L8,4 L0,8 z" fill="#6b7785"/></marker></defs>
<rect width="100%" height="100%" fill="#fbfcfd"/>
<text x="${MARGIN}" y="30" font-size="17" font-weight="600" fill="#1d2733">${escapeMarkup(title)}</text>
${arrows.map(({ from, to, label, back }, at) => arrowSvg(graph.edge(from, to, String(at)), label, back === true)).join('\n')}
${nodes.map((node) => nodeSvg(node, graph.node(node.id), texts.get(node.id) ?? [])).join('\n')}
</svg>
`
}

type Box = { readonly x: number; readonly y: number; readonly width: number; readonly height: number }
type Line = {
  readonly points?: readonly { readonly x: number; readonly y: number }[]
  readonly x?: number
  readonly y?: number
}

function nodeSvg({ kind, name }: DrawnNode, { x, y, width, height }: Box, lines: readonly string[]): string {
  const { fill, stroke } = COLOURS[kind]
  const radius = kind === 'step' || kind === 'route' ? 8 : Math.min(22, height / 2)
  const dash = kind === 'route' ? ' stroke-dasharray="5 3"' : ''
  const rows = [
    ...(name === '' ? [] : [{ text: name, colour: '#5b6875', weight: 600, size: 12 }]),
    ...lines.map((text) => ({ text, colour: '#1d2733', weight: 400, size: FONT })),
  ]
  const top = y - (rows.length * LINE) / 2 + LINE * 0.72
  const texts = rows.map(
    ({ text, colour, weight, size }, row) =>
      `<text x="${round(x)}" y="${round(top + row * LINE)}" text-anchor="middle" font-size="${size}" font-weight="${weight}" fill="${colour}">${escapeMarkup(text)}</text>`,
  )
  return `<g><rect x="${round(x - width / 2)}" y="${round(y - height / 2)}" width="${round(width)}" height="${round(height)}" rx="${round(radius)}" fill="${fill}" stroke="${stroke}" stroke-width="1.3"${dash}/>${texts.join('')}</g>`
}

function arrowSvg({ points = [], x = 0, y = 0 }: Line, label: string, back: boolean): string {
  const path = `<path d="${curve(points)}" fill="none" stroke="#6b7785" stroke-width="1.2"${back ? ' stroke-dasharray="4 4"' : ''} marker-end="url(#tip)"/>`
  if (label === '') return path
  const lines = wrap(label, 120)
  const width = Math.max(...lines.map((line) => widthOf(line, LABEL_FONT))) + 6
  const texts = lines.map(
    (line, row) =>
      `<text x="${round(x)}" y="${round(y - ((lines.length - 1) * 14) / 2 + row * 14 + 4)}" text-anchor="middle" font-size="${LABEL_FONT}" fill="#42505e">${escapeMarkup(line)}</text>`,
  )
  const height = lines.length * 14 + 2
  return `${path}<rect x="${round(x - width / 2)}" y="${round(y - height / 2)}" width="${round(width)}" height="${height}" rx="3" fill="#fbfcfd" opacity="0.92"/>${texts.join('')}`
}

/** Straight through the points, rounded at each by a quadratic curve. */
function curve(points: readonly { readonly x: number; readonly y: number }[]): string {
  const [first, ...rest] = points
  if (first === undefined) return ''
  const parts = [`M${round(first.x)},${round(first.y)}`]
  rest.forEach((point, at) => {
    const next = rest[at + 1]
    if (next === undefined) parts.push(`L${round(point.x)},${round(point.y)}`)
    else
      parts.push(
        `Q${round(point.x)},${round(point.y)} ${round((point.x + next.x) / 2)},${round((point.y + next.y) / 2)}`,
      )
  })
  return parts.join(' ')
}

/** Breaks a text into lines that fit; Chinese breaks anywhere, a word of Latin letters stays whole. */
function wrap(text: string, widest: number): readonly string[] {
  const pieces = text.match(/[\x21-\x7e]+|\s+|[^\x21-\x7e\s]/gu) ?? []
  const lines: string[] = []
  let line = ''
  for (const piece of pieces) {
    if (line !== '' && widthOf(line + piece, FONT) > widest && !/^[，。！？、；：”’）]$/u.test(piece)) {
      lines.push(line.trim())
      line = ''
    }
    line += piece
  }
  if (line.trim() !== '') lines.push(line.trim())
  return lines
}

function widthOf(text: string, size: number): number {
  let width = 0
  for (const character of text) width += /[\x20-\x7e]/u.test(character) ? 0.58 : 1
  return width * size
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}
