import { copyFile, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const WIDGET = fileURLToPath(new URL('../src/widget/', import.meta.url))
const PAGES = ['shop.html', 'chat.html']

/** Builds the merchant's pages into `outDir`: two pages, their styles, the panel and the loader. */
export async function buildAssets(outDir) {
  await mkdir(outDir, { recursive: true })
  // Old in-app browsers on cheap phones are part of the audience.
  const script = { format: 'iife', target: 'es2019' }
  const style = { target: ['chrome80', 'safari13'] }
  await Promise.all([
    bundle(outDir, 'panel', 'panel/main.ts', { ...script, charset: 'utf8' }),
    // The loader runs on other people's pages, in whatever encoding they are.
    bundle(outDir, 'widget', 'loader/widget.ts', { ...script, charset: 'ascii' }),
    bundle(outDir, 'panel', 'panel.css', style),
    bundle(outDir, 'shop', 'shop.css', style),
    ...PAGES.map((page) => copyFile(join(WIDGET, page), join(outDir, page))),
  ])
}

function bundle(outDir, out, source, options) {
  return build({
    entryPoints: [{ in: join(WIDGET, source), out }],
    outdir: outDir,
    bundle: true,
    minify: true,
    legalComments: 'none',
    logLevel: 'warning',
    ...options,
  })
}
