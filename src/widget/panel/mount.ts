import { watchAnswers } from './answer-watch.ts'
import { createApi } from './api.ts'
import { createHostWindow } from './host-window.ts'
import { createPanelView } from './view/panel-view.ts'
import { createPresence } from './presence.ts'
import { createReceiver } from './receiver.ts'
import { createSharedStream } from './shared-stream.ts'
import { createSender } from './sender.ts'
import { createSession, SESSION_KEY } from './session.ts'
import { createBrowserStorage } from './storage.ts'
import { createSigns } from './signs.ts'
import { createTalkStore } from './talk-store.ts'
import { createUnreadCount } from './unread.ts'
import { createUnsent } from './unsent.ts'
import { cursorOf, picturesOf, type Talk, withNewSession, withoutMessage } from './talk.ts'
import { createBringPictures } from './bring-pictures.ts'
import { createPictureBox } from './picture-box.ts'
import { createPictureSource } from './picture-source.ts'
import { createUpload } from './upload.ts'
import { preparePicture } from './prepare-picture.ts'
import { dictionaryFor } from './dictionary.ts'
import { fill } from './dom.ts'
import { exclusively, findNeighbours, makeMessageId } from './browser.ts'
import type { Connection } from './news.ts'
import type { Locale } from './dictionary.ts'
import type { SessionGrant } from './wire.ts'

export type PanelOptions = {
  /** Where `/widget/v1/` is, with a slash at its end. */
  readonly apiBase: string
  readonly locale: Locale
  /** Origin of the page that shows the panel in a frame; absent when the panel is a page of its own. */
  readonly hostOrigin?: string
}

/** How long one sign that an agent is writing stands. */
const TYPING_SHOWN_MS = 8_000

/** Puts a working chat panel into `target`. */
export function mountPanel(target: HTMLElement, { apiBase, locale, hostOrigin }: PanelOptions): void {
  const now = () => Date.now()
  const random = () => Math.random()
  const storage = createBrowserStorage(() => window.localStorage)
  const unsent = createUnsent(storage)
  const store = createTalkStore()
  const api = createApi(apiBase, (input, init) => fetch(input, init))
  const host = hostOrigin === undefined ? undefined : createHostWindow(hostOrigin)
  let connection: Connection = 'starting'
  let agentTyping: ReturnType<typeof setTimeout> | undefined
  /** The agent's newest line when they were last seen writing: once it is another, they have written. */
  let typedAfter = 0
  let provider: SessionGrant | undefined
  let isDrawing = false

  const session = createSession({ api, storage, locale, random, exclusively, onOpened })
  const shared = createSharedStream(findNeighbours(), now)
  const receiver = createReceiver({ api, session, store, shared, random, now, onConnection, onTyping })
  const box = createPictureBox(() => window.indexedDB)
  const upload = createUpload(apiBase, () => new XMLHttpRequest())
  const bring = createBringPictures({ box, upload })
  const sender = createSender({ api, session, store, unsent, box, bring, makeId: makeMessageId, random, now })
  const countUnread = createUnreadCount()
  const presence = createPresence({ onSeen, onAway })
  const signs = createSigns({ api, session, store, now })
  const view = createPanelView({
    words: dictionaryFor(locale),
    locale,
    now,
    getTalk: store.get,
    onSend: (content) => sender.send(content, cursorOf(store.get())),
    onRetry: sender.retry,
    onDiscard: sender.discard,
    onOlder: receiver.loadOlder,
    onClose: host?.close,
    source: createPictureSource({ api, session, box }),
    makeKey: makeMessageId,
    prepare: preparePicture,
    keepPicture: box.put,
    onTyping: signs.typing,
    rating: { storage, onRate: (score) => signs.rate(score) },
  })

  function onOpened(grant: SessionGrant, renewed: boolean, switched = false): void {
    if (renewed) {
      store.update((talk) => ({ ...withNewSession(talk), restarted: !switched }))
      for (const message of store.get().outgoing) unsent.save(message)
      receiver.restart()
    }
    provider = grant
    const { greeting } = grant
    draw()
    if (greeting !== undefined) store.update((talk) => ({ ...talk, greeting: { text: greeting, at: now() } }))
  }

  function onConnection(next: Connection): void {
    if (next === connection) return
    connection = next
    if (next === 'live') sender.nudge()
    draw()
  }

  function onTyping(): void {
    clearTimeout(agentTyping)
    typedAfter = newestOfAgent(store.get())
    agentTyping = setTimeout(() => {
      agentTyping = undefined
      draw()
    }, TYPING_SHOWN_MS)
    draw()
  }

  function onSeen(): void {
    receiver.refresh()
    sender.nudge()
    draw()
  }

  function onAway(): void {
    // Who waits for a person keeps the line open as long as the page itself is in front.
    if (document.visibilityState === 'hidden' || store.get().holder === 'bot') receiver.stop()
  }

  function onNetwork(): void {
    if (navigator.onLine) {
      session.nudge()
      receiver.reconnect()
      sender.nudge()
    }
    draw()
  }

  /** Several changes of one moment are drawn once. */
  function draw(): void {
    if (isDrawing) return
    isDrawing = true
    queueMicrotask(() => {
      isDrawing = false
      const talk = store.get()
      view.show(talk, {
        connection: navigator.onLine ? connection : 'offline',
        agentIsTyping:
          agentTyping !== undefined && talk.holder === 'agent' && newestOfAgent(talk) === typedAfter,
        providerName: provider?.providerName,
        hotline: provider?.hotline,
      })
      if (presence.isSeen() && view.isAtEnd()) signs.read()
      host?.tellUnread(countUnread(talk, presence.isSeen()))
    })
  }

  box.keepOnly(unsent.load().flatMap(({ content }) => picturesOf(content).map(({ key }) => key)))
  store.subscribe(draw)
  watchAnswers(store, receiver.sync)
  window.addEventListener('online', onNetwork)
  window.addEventListener('offline', onNetwork)
  window.addEventListener('storage', ({ key, newValue }) => {
    if (key === SESSION_KEY) session.follow()
    // Another tab has sent or dropped a message that both of them knew.
    const id = key === null || newValue !== null ? undefined : unsent.idOf(key)
    if (id !== undefined) store.update((talk) => withoutMessage(talk, id))
  })
  host?.onVisibility((isOpen) => {
    presence.setOpen(isOpen)
    if (isOpen && hasFinePointer()) view.focusInput()
  })
  host?.onIdentity((token) => void session.identify(token))
  fill(target, view.root)
  receiver.start()
  draw()
}

function newestOfAgent({ lines }: Talk): number {
  return lines.reduce((newest, { author, seq }) => (author === 'agent' ? seq : newest), 0)
}

/** On a phone the focus would open the keyboard over the talk. */
function hasFinePointer(): boolean {
  return window.matchMedia('(hover: hover) and (pointer: fine)').matches
}
