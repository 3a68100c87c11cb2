import { createLauncher, isLaunched } from './launcher.ts'

/** A call made before this script had loaded: the command, or the arguments a stub was called with. */
type EarlyCall = string | ArrayLike<string>

declare global {
  interface Window {
    /**
     * `Posdesk('open')`, `Posdesk('close')`, `Posdesk('identify', token)`. A stub on the page may collect earlier calls
     * in its `q`.
     */
    Posdesk?: ((command: string, token?: string) => void) & { q?: readonly EarlyCall[] }
  }
}

const script = document.currentScript

function start(): void {
  if (!(script instanceof HTMLScriptElement) || script.src === '' || isLaunched()) return
  const locale = /^en\b/i.test(script.dataset['lang'] ?? '') ? 'en' : 'zh-CN'
  const launcher = createLauncher(new URL('.', script.src), locale)
  const earlier = window.Posdesk?.q ?? []
  const run = (command: string | undefined, token?: string) => {
    if (command === 'open') launcher.open()
    if (command === 'close') launcher.close()
    if (command === 'identify' && typeof token === 'string') launcher.identify(token)
  }
  window.Posdesk = run
  for (const call of earlier) {
    if (typeof call === 'string') run(call)
    else run(call[0], call[1])
  }
}

if (document.body === null) document.addEventListener('DOMContentLoaded', start)
else start()
