import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { sendConsolePage } from './console-page.ts'
import { allowPanel, allowShop } from './headers.ts'
import type { Answer, Exchange, Route, RouteMaker } from './route.ts'

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
}

/** Where files with an address of their own are found; the others lie under `/assets/`. */
const PATHS: Readonly<Record<string, string>> = {
  'shop.html': '/',
  'chat.html': '/chat',
  'widget.js': '/widget.js',
  'panel.js': '/panel.js',
  'panel.css': '/panel.css',
  'console.html': '/console',
  'console.js': '/console.js',
  'console.css': '/console.css',
}

type Asset = {
  readonly path: string
  readonly type: string
  readonly etag: string
  readonly body: Buffer
  readonly gzip: Buffer
}

/**
 * Reads the built browser files of a folder and makes one route for each: `shop.html` at `/`, `chat.html` at
 * `/chat`, `console.html` at `/console`, their scripts and styles under their own names, the rest under `/assets/`.
 * A folder that does not exist gives no routes.
 */
export async function createPageRoutes(
  make: RouteMaker,
  assetsDir: string,
  allowedOrigins: readonly string[],
): Promise<Route[]> {
  const assets = await loadAssets(assetsDir)
  return assets.map((asset) =>
    make.forPage(
      { path: asset.path, summary: 'Browser file', answer: { status: 200, type: asset.type } },
      async (exchange) => {
        if (asset.path === '/console') return sendConsolePage(exchange, asset.body.toString())
        loosenHeaders(exchange, asset, allowedOrigins)
        return sendAsset(exchange, asset)
      },
    ),
  )
}

async function loadAssets(folder: string): Promise<Asset[]> {
  const names = await readdir(folder).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return []
    throw error
  })
  const assets: Asset[] = []
  for (const name of names.sort()) {
    const type = TYPES[extname(name)]
    if (!type || !/^[A-Za-z0-9._-]+$/.test(name)) continue
    const body = await readFile(join(folder, name))
    const etag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 27)}"`
    assets.push({
      path: PATHS[name] ?? `/assets/${name}`,
      type,
      etag,
      body,
      gzip: gzipSync(body, { level: 9 }),
    })
  }
  return assets
}

function loosenHeaders({ response }: Exchange, asset: Asset, allowedOrigins: readonly string[]): void {
  if (asset.path === '/chat') allowPanel(response, allowedOrigins)
  if (asset.path === '/') allowShop(response)
  // The loader runs on the shops' own pages.
  if (asset.path === '/widget.js') response.setHeader('Cross-Origin-Resource-Policy', 'cross-origin')
}

function sendAsset({ request, response }: Exchange, asset: Asset): Answer {
  response.setHeader('Cache-Control', 'public, no-cache')
  response.setHeader('ETag', asset.etag)
  response.setHeader('Vary', 'Accept-Encoding')
  if (request.headers['if-none-match']?.split(/\s*,\s*/).includes(asset.etag)) {
    response.writeHead(304).end()
    return 'sent'
  }
  const isGzip = asset.gzip.length < asset.body.length && request.acceptsEncodings('gzip') === 'gzip'
  const body = isGzip ? asset.gzip : asset.body
  if (isGzip) response.setHeader('Content-Encoding', 'gzip')
  response.writeHead(200, { 'Content-Type': asset.type, 'Content-Length': body.length })
  response.end(request.method === 'HEAD' ? undefined : body)
  return 'sent'
}
