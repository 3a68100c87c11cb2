type Attributes = { readonly [name: string]: string | boolean }

/** Makes an element. Children given as text become text nodes: nothing a merchant or the server says is markup. */
export function element<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[Tag] {
  const made = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) setAttribute(made, name, value)
  made.append(...children)
  return made
}

/** Sets an attribute; `false` takes it away, `true` leaves it empty. Touches the page only when it changes. */
export function setAttribute(target: Element, name: string, value: string | boolean): void {
  if (value === false) target.removeAttribute(name)
  else if (target.getAttribute(name) !== (value === true ? '' : value))
    target.setAttribute(name, value === true ? '' : value)
}

/** Replaces an element's text, only when it differs, so that screen readers are not told twice. */
export function setText(target: Element, text: string): void {
  if (target.textContent !== text) target.textContent = text
}

/** Puts these children in place of the present ones. (`replaceChildren` is missing in older in-app browsers.) */
export function fill(target: Element, ...children: readonly (Node | string)[]): void {
  target.textContent = ''
  target.append(...children)
}

const SVG = 'http://www.w3.org/2000/svg'

/** A decorative line icon on a 24 × 24 grid. */
export function icon(...paths: readonly string[]): SVGElement {
  const svg = document.createElementNS(SVG, 'svg')
  for (const [name, value] of [
    ['viewBox', '0 0 24 24'],
    ['fill', 'none'],
    ['stroke', 'currentColor'],
    ['stroke-width', '1.8'],
    ['stroke-linecap', 'round'],
    ['stroke-linejoin', 'round'],
    ['aria-hidden', 'true'],
    ['focusable', 'false'],
  ] as const)
    svg.setAttribute(name, value)
  for (const path of paths) {
    const shape = document.createElementNS(SVG, 'path')
    shape.setAttribute('d', path)
    svg.append(shape)
  }
  return svg
}

export const ICONS = {
  terminal: [
    'M7 3h10a1.5 1.5 0 0 1 1.5 1.5v15A1.5 1.5 0 0 1 17 21H7a1.5 1.5 0 0 1-1.5-1.5v-15A1.5 1.5 0 0 1 7 3z',
    'M8.5 6.5h7v4h-7z',
    'M9 14h.01M12 14h.01M15 14h.01M9 17.2h.01M12 17.2h.01M15 17.2h.01',
  ],
  send: ['M12 19V5.5', 'M6 11l6-6 6 6'],
  close: ['M6.5 6.5l11 11M17.5 6.5l-11 11'],
  picture: [
    'M5 5h14a1.5 1.5 0 0 1 1.5 1.5v11A1.5 1.5 0 0 1 19 19H5a1.5 1.5 0 0 1-1.5-1.5v-11A1.5 1.5 0 0 1 5 5z',
    'M4 16.5l4.5-4.5 4 4 2.5-2.5 5 5',
    'M15.5 9.5h.01',
  ],
  star: ['M12 4l2.4 5 5.6.7-4.1 3.8 1.1 5.5-5-2.8-5 2.8 1.1-5.5L4 9.7 9.6 9z'],
  down: ['M12 5v13', 'M6.5 13l5.5 5.5 5.5-5.5'],
} as const
