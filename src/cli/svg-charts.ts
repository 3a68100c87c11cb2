/** Small charts as SVG text; colours come from the page's custom properties. */

export type LineChart = {
  /** Shares between 0 and 1, from left to right. */
  readonly points: readonly (readonly [number, number])[]
  readonly labels?: readonly string[]
  readonly x: string
  readonly y: string
  /** Where the y axis begins and ends; 0 and 1 when absent. */
  readonly bottom?: number
  readonly top?: number
  /** Draws the line on which y equals x. */
  readonly diagonal?: boolean
}

const WIDTH = 420
const HEIGHT = 250
const LEFT = 58
const RIGHT = 24
const TOP = 10
const BOTTOM = 38
const STEPS = 5

/** Draws a line with its points, axes in percent. */
export function lineChart({ points, labels, x, y, bottom = 0, top = 1, diagonal }: LineChart): string {
  const across = (share: number): number => LEFT + share * (WIDTH - LEFT - RIGHT)
  const up = (share: number): number =>
    HEIGHT - BOTTOM - ((share - bottom) / (top - bottom)) * (HEIGHT - TOP - BOTTOM)
  const grid = Array.from({ length: STEPS + 1 }, (_, step) => {
    const share = bottom + ((top - bottom) * step) / STEPS
    return `<line x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${at(up(share))}" y2="${at(up(share))}" stroke="var(--line)"/><text x="${LEFT - 6}" y="${at(up(share) + 4)}" text-anchor="end">${label(share)}</text><text x="${at(across(step / STEPS))}" y="${HEIGHT - BOTTOM + 16}" text-anchor="middle">${label(step / STEPS)}</text>`
  })
  const path = points.map(([px, py]) => `${at(across(px))},${at(up(py))}`).join(' ')
  const dots = points.map(
    ([px, py], place) =>
      `<circle cx="${at(across(px))}" cy="${at(up(py))}" r="3.5" fill="var(--accent)"><title>${labels?.[place] ?? `${label(px)} → ${label(py)}`}</title></circle>`,
  )
  return `<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${y} by ${x}">${grid.join('')}${
    diagonal === true
      ? `<line x1="${across(0)}" y1="${up(0)}" x2="${across(1)}" y2="${up(1)}" stroke="var(--soft)" stroke-dasharray="4 4"/>`
      : ''
  }<polyline points="${path}" fill="none" stroke="var(--accent)" stroke-width="2"/>${dots.join('')}<text x="${at(across(0.5))}" y="${HEIGHT - 6}" text-anchor="middle">${x}</text><text x="12" y="${at((HEIGHT - BOTTOM) / 2)}" text-anchor="middle" transform="rotate(-90 12 ${at((HEIGHT - BOTTOM) / 2)})">${y}</text></svg>`
}

export type Bar = { readonly name: string; readonly share: number; readonly note: string }

const ROW = 24
const NAME_WIDTH = 136
const NOTE_WIDTH = 148

/** Draws one bar a row, name on the left and note on the right. */
export function barChart(bars: readonly Bar[]): string {
  const room = WIDTH - NAME_WIDTH - NOTE_WIDTH - 16
  const rows = bars.map(({ name, share, note }, row) => {
    const y = row * ROW
    return `<text x="${NAME_WIDTH}" y="${y + 16}" text-anchor="end">${name}</text><rect x="${NAME_WIDTH + 8}" y="${y + 6}" width="${room}" height="12" rx="3" fill="var(--line)"/><rect x="${NAME_WIDTH + 8}" y="${y + 6}" width="${at(share * room)}" height="12" rx="3" fill="var(--accent)"/><text x="${NAME_WIDTH + 16 + room}" y="${y + 16}">${note}</text>`
  })
  return `<svg viewBox="0 0 ${WIDTH} ${bars.length * ROW}" role="img" aria-label="${bars.map(({ name, note }) => `${name} ${note}`).join(', ')}">${rows.join('')}</svg>`
}

function label(share: number): string {
  return `${Math.round(share * 100)} %`
}

function at(value: number): string {
  return value.toFixed(1)
}
