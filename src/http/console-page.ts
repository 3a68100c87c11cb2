import { randomBytes } from 'node:crypto'
import { allowConsole } from './headers.ts'
import type { Answer, Exchange } from './route.ts'

/** What stands in `console.html` where the nonce of one answer belongs. */
const PLACEHOLDER = '__CSP_NONCE__'

/** Sends the console's page with a nonce that is good for this answer only, so it is never cached. */
export function sendConsolePage({ request, response }: Exchange, html: string): Answer {
  const nonce = randomBytes(18).toString('base64url')
  allowConsole(response, nonce)
  const body = Buffer.from(html.replaceAll(PLACEHOLDER, nonce))
  response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8', 'Content-Length': body.length })
  response.end(request.method === 'HEAD' ? undefined : body)
  return 'sent'
}
