import { copyFile, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const WIDGET = fileURLToPath(new URL('../src/widget/', import.meta.url))
const CONSOLE = fileURLToPath(new URL('../src/console/', import.meta.url))
const PAGES = ['shop.html', 'chat.html', 'icon.svg']

/** Builds the browser's files into `outDir`: the merchant's two pages with panel and loader, and the staff console. */
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
    bundleConsole(outDir),
    ...PAGES.map((page) => copyFile(join(WIDGET, page), join(outDir, page))),
  ])
}

// Staff have browsers of today: the component library asks for them.
async function bundleConsole(outDir) {
  await copyFile(join(CONSOLE, 'console.html'), join(outDir, 'console.html'))
  await bundle(outDir, 'console', 'console.css', { target: ['chrome109', 'safari16'] }, CONSOLE)
  const react = { jsx: 'automatic', define: { 'process.env.NODE_ENV': '"production"' } }
  const script = { format: 'iife', target: 'es2022', charset: 'utf8', ...react }
  await bundle(outDir, 'console', 'main.tsx', script, CONSOLE)
}

function bundle(outDir, out, source, options, folder = WIDGET) {
  return build({
    entryPoints: [{ in: join(folder, source), out }],
    outdir: outDir,
    bundle: true,
    minify: true,
    legalComments: 'none',
    logLevel: 'warning',
    ...options,
  })
}
