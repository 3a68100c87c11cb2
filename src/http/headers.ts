import type { RequestHandler, Response } from 'express'
import helmet from 'helmet'

const PERMISSIONS = 'camera=(), geolocation=(), microphone=(), payment=(), usb=()'

/** Headers of an answer that never passes express, because the request could not even be parsed. */
export const BARE_HEADERS: Readonly<Record<string, string>> = {
  'Content-Security-Policy': "default-src 'none';base-uri 'none';form-action 'none';frame-ancestors 'none'",
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Permissions-Policy': PERMISSIONS,
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  'Cache-Control': 'no-store',
}

/** Sets the strictest headers on every answer; pages and assets loosen what they need (ASVS 5.0, 3.4). */
export function secureHeaders(isHttps: boolean): RequestHandler {
  const set = helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        baseUri: ["'none'"],
        formAction: ["'none'"],
        frameAncestors: ["'none'"],
      },
    },
    // Over plain http on loopback browsers ignore it, and it must not outlive a test on a real host name.
    strictTransportSecurity: isHttps && { maxAge: 365 * 24 * 3600, includeSubDomains: false },
    referrerPolicy: { policy: 'no-referrer' },
    crossOriginOpenerPolicy: { policy: 'same-origin' },
    crossOriginResourcePolicy: { policy: 'same-origin' },
    xFrameOptions: { action: 'deny' },
  })
  return (request, response, next) => {
    response.setHeader('Permissions-Policy', PERMISSIONS)
    response.setHeader('Cache-Control', 'no-store')
    set(request, response, next)
  }
}

/** Headers of the chat panel: its own scripts and styles, framed only by us and by the allowed shops. */
export function allowPanel(response: Response, allowedOrigins: readonly string[]): void {
  setPolicy(response, ["frame-src 'none'", `frame-ancestors ${["'self'", ...allowedOrigins].join(' ')}`])
  // X-Frame-Options cannot name origins; frame-ancestors rules wherever it is known.
  response.removeHeader('X-Frame-Options')
}

/** Headers of the demo shop page, which embeds the panel as a shop would. */
export function allowShop(response: Response): void {
  setPolicy(response, ["frame-src 'self'", "frame-ancestors 'none'"])
}

/** Headers of the staff console: the component library writes a style element, which this page's nonce lets in. */
export function allowConsole(response: Response, styleNonce: string): void {
  setPolicy(response, ["font-src 'self'", "frame-ancestors 'none'"], `'self' 'nonce-${styleNonce}'`)
}

function setPolicy(response: Response, rest: readonly string[], styles = "'self'"): void {
  const own = ["script-src 'self'", `style-src ${styles}`, "connect-src 'self'", "img-src 'self' blob:"]
  const policy = ["default-src 'none'", ...own, "base-uri 'none'", "form-action 'none'", ...rest].join(';')
  response.setHeader('Content-Security-Policy', policy)
}
