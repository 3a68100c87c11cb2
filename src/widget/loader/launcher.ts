import { STYLE } from './style.ts'

export type Launcher = { open(): void; close(): void; identify(token: string): void }

const WORDS = {
  'zh-CN': { open: 'POS售后', label: '打开POS售后聊天', title: 'POS售后聊天', unread: '条新消息' },
  en: { open: 'POS support', label: 'Open the POS support chat', title: 'POS support chat', unread: 'new' },
} as const

const TAG = 'posdesk-launcher'

/** A page that includes the script twice gets one launcher. */
export function isLaunched(): boolean {
  return document.querySelector(TAG) !== null
}

/** Puts the launcher button on the host page. The panel's frame is loaded at the first opening only. */
export function createLauncher(base: URL, locale: keyof typeof WORDS): Launcher {
  const words = WORDS[locale]
  const host = document.createElement(TAG)
  const shadow = host.attachShadow({ mode: 'open' })
  const button = document.createElement('button')
  const unread = document.createElement('span')
  unread.className = 'unread'
  button.type = 'button'
  button.setAttribute('aria-label', words.label)
  button.append(speechBubble(), words.open, unread)
  shadow.append(button)
  addStyle(shadow)
  document.body.append(host)
  let frame: HTMLIFrameElement | undefined
  let token: string | undefined
  let isLoaded = false

  function tell(message: 'opened' | 'closed' | 'identify', token?: string): void {
    frame?.contentWindow?.postMessage({ posdesk: message, token }, base.origin)
  }

  /** A token is good for ten minutes: one that came before the panel was opened waits for it. */
  function identify(given: string): void {
    token = given
    if (isLoaded) tell('identify', token)
  }

  function loadFrame(): HTMLIFrameElement {
    const made = document.createElement('iframe')
    const address = new URL('chat', base)
    address.search = new URLSearchParams({ embed: '1', lang: locale, host: location.origin }).toString()
    made.title = words.title
    made.addEventListener('load', () => {
      isLoaded = true
      if (token !== undefined) tell('identify', token)
      tell(made.hidden ? 'closed' : 'opened')
    })
    made.src = address.href
    shadow.append(made)
    return made
  }

  function open(): void {
    frame ??= loadFrame()
    frame.hidden = false
    button.hidden = true
    showUnread(0)
    tell('opened')
    frame.focus()
  }

  function close(): void {
    if (frame === undefined || frame.hidden) return
    frame.hidden = true
    button.hidden = false
    tell('closed')
    button.focus()
  }

  function showUnread(count: number): void {
    unread.textContent = count > 0 ? String(Math.min(count, 99)) : ''
    button.setAttribute(
      'aria-label',
      count > 0 ? `${words.label} (${String(count)} ${words.unread})` : words.label,
    )
  }

  button.addEventListener('click', open)
  window.addEventListener('message', (event: MessageEvent<unknown>) => {
    if (event.origin !== base.origin || event.source !== frame?.contentWindow) return
    const message = event.data
    if (typeof message !== 'object' || message === null || !('posdesk' in message)) return
    if (message.posdesk === 'close') close()
    if (message.posdesk === 'unread' && 'count' in message && typeof message.count === 'number')
      showUnread(frame.hidden ? message.count : 0)
  })
  followKeyboard(host)
  return { open, close, identify }
}

/** Constructed style sheets pass a strict `style-src`; older browsers get an element. */
function addStyle(shadow: ShadowRoot): void {
  if ('adoptedStyleSheets' in shadow && 'replaceSync' in CSSStyleSheet.prototype) {
    const sheet = new CSSStyleSheet()
    sheet.replaceSync(STYLE)
    shadow.adoptedStyleSheets = [sheet]
    return
  }
  const style = document.createElement('style')
  style.textContent = STYLE
  shadow.append(style)
}

/** On a phone the frame fills the screen; a frame cannot see the on-screen keyboard, so its page does. */
function followKeyboard(host: HTMLElement): void {
  const viewport = window.visualViewport
  if (viewport === null || viewport === undefined) return
  const fit = () => {
    const isZoomed = viewport.scale > 1.01
    host.style.setProperty('--visible-height', isZoomed ? '' : `${String(Math.round(viewport.height))}px`)
    host.style.setProperty('--visible-top', isZoomed ? '' : `${String(Math.round(viewport.offsetTop))}px`)
  }
  viewport.addEventListener('resize', fit)
  viewport.addEventListener('scroll', fit)
  fit()
}

function speechBubble(): SVGElement {
  const SVG = 'http://www.w3.org/2000/svg'
  const svg = document.createElementNS(SVG, 'svg')
  svg.setAttribute('viewBox', '0 0 24 24')
  svg.setAttribute('aria-hidden', 'true')
  const shape = document.createElementNS(SVG, 'path')
  shape.setAttribute('fill', 'none')
  shape.setAttribute('stroke', 'currentColor')
  shape.setAttribute('stroke-width', '1.8')
  shape.setAttribute('stroke-linejoin', 'round')
  shape.setAttribute(
    'd',
    'M5 4.5h14A1.5 1.5 0 0 1 20.5 6v9.5A1.5 1.5 0 0 1 19 17h-7l-4.5 3.5V17H5a1.5 1.5 0 0 1-1.5-1.5V6A1.5 1.5 0 0 1 5 4.5z',
  )
  svg.append(shape)
  return svg
}
