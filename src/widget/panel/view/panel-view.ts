import { element, fill, setAttribute, setText } from '../dom.ts'
import { cursorOf, isAnswerDue, wordsOf } from '../talk.ts'
import { openPrompt, toRows } from '../rows.ts'
import { createChoicesView } from './choices-view.ts'
import { createComposer, isComposing } from './composer.ts'
import { createHeader } from './header.ts'
import { createLogView } from './log-view.ts'
import { createRatingBar } from './rating-bar.ts'
import { createScrollArea } from './scroll-area.ts'
import { acceptDrops } from './drop-zone.ts'
import { createZoom } from './zoom.ts'
import type { RatingDeps } from './rating-bar.ts'
import type { ChosenPicture } from './picture-tray.ts'
import type { PictureSource } from '../picture-source.ts'
import type { PreparedPicture } from '../prepare-picture.ts'
import type { Connection } from '../news.ts'
import type { Dictionary, Locale } from '../dictionary.ts'
import type { OutgoingContent } from '../wire.ts'
import type { Row } from '../rows.ts'
import type { Talk } from '../talk.ts'

/** What the panel shows beside the talk. */
export type Scene = {
  readonly connection: Connection | 'offline'
  readonly agentIsTyping: boolean
  readonly providerName: string | undefined
  readonly hotline: string | undefined
}

export type PanelView = {
  readonly root: HTMLElement
  show(talk: Talk, scene: Scene): void
  /** Says something to screen readers, once. */
  announce(text: string): void
  focusInput(): void
  isAtEnd(): boolean
}

type Deps = {
  readonly words: Dictionary
  readonly locale: Locale
  readonly now: () => number
  readonly getTalk: () => Talk
  readonly onSend: (content: OutgoingContent) => void
  readonly onRetry: (id: string) => void
  readonly onDiscard: (id: string) => void
  readonly onOlder: () => Promise<boolean>
  readonly onClose: (() => void) | undefined
  readonly source: PictureSource
  readonly makeKey: () => string
  readonly prepare: (file: Blob) => Promise<PreparedPicture | undefined>
  /** Keeps the bytes of a picture that is about to be sent. */
  readonly keepPicture: (key: string, picture: Blob) => void
  readonly onTyping: () => void
  readonly rating: Omit<RatingDeps, 'words' | 'announce'>
}

const NEAR_START_PX = 40

export function createPanelView(deps: Deps): PanelView {
  const { words, locale, now, getTalk, onSend, onRetry, onDiscard, onOlder, onClose } = deps
  const zoom = createZoom(words)
  const notice = element('p', { class: 'notice', hidden: true })
  const typing = element('p', { class: 'typing', hidden: true, 'aria-hidden': 'true' })
  const speech = element('p', { class: 'sr', role: 'status' })
  const older = element('button', { type: 'button', class: 'link older', hidden: true }, words.older)
  const header = createHeader({ words, onAskHuman: () => sendText(words.askHumanText), onClose })
  const log = createLogView(
    words.log,
    { onRetry, onEdit: edit, onDiscard },
    { words, source: deps.source, onZoom: zoom.open },
  )
  const choices = createChoicesView(words.choices, (prompt, choice, byKeyboard) => {
    onSend({ kind: 'choice', id: choice.id, promptSeq: prompt.seq, label: choice.label })
    scroll.jumpToEnd()
    // The pressed button is gone. Who uses the keyboard goes on from the log; a finger must not open the keys.
    if (byKeyboard) scroll.root.focus({ preventScroll: true })
  })
  const scroll = createScrollArea(words.log, words.newLines, older, log.root, typing, choices.root)
  const composer = createComposer({
    words,
    onSend: sendText,
    announce,
    makeKey: deps.makeKey,
    prepare: deps.prepare,
    onTyping: deps.onTyping,
  })
  const rating = createRatingBar({ ...deps.rating, words, announce })
  const root = element(
    'section',
    {
      class: 'panel',
      lang: locale,
      'aria-label': words.title,
      ...(onClose === undefined ? {} : { role: 'dialog' }),
    },
    header.root,
    notice,
    element('div', { class: 'middle' }, scroll.root, scroll.toEnd),
    rating.root,
    composer.root,
    speech,
    zoom.root,
  )
  acceptDrops(root, composer.addFiles)
  root.addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && !isComposing(event)) onClose?.()
  })
  // Who scrolls up to the beginning wants what came before it.
  scroll.root.addEventListener('scroll', () => {
    if (scroll.root.scrollTop < NEAR_START_PX && !older.hidden && !isLoadingOlder && !scroll.isAtEnd())
      older.click()
  })
  older.addEventListener('click', () => {
    older.disabled = true
    isLoadingOlder = true
    void onOlder().then((isRead) => {
      isLoadingOlder = false
      older.disabled = false
      setText(older, isRead ? words.older : words.olderFailed)
    })
  })

  let isLoadingOlder = false
  let isAnnouncing = false
  let said = ''

  function sendText(text: string, chosen: readonly ChosenPicture[] = []): void {
    for (const { key, blob } of chosen) deps.keepPicture(key, blob)
    const pictures = chosen.map(({ key, width, height }) => ({ key, width, height }))
    onSend({ kind: 'text', text, ...(pictures.length > 0 ? { pictures } : {}) })
    scroll.jumpToEnd()
  }

  function edit(id: string): void {
    const message = getTalk().outgoing.find((known) => known.id === id)
    if (message === undefined) return
    onDiscard(id)
    composer.putBack(wordsOf(message.content))
  }

  function announce(text: string): void {
    setText(speech, text)
  }

  /** Changes of state are read out when they happen, not again at each redraw. */
  function announceOnce(text: string): void {
    if (text !== said && text !== '') announce(text)
    said = text
  }

  function showNotice(talk: Talk, { connection, hotline }: Scene): void {
    const kind = connection === 'offline' || connection === 'broken' ? connection : talk.holder
    const call = hotline === undefined ? '' : words.callInstead(hotline)
    const texts = {
      offline: words.offlineNotice + call,
      broken: words.brokenNotice + call,
      queue: words.queueNotice(talk.waiting),
      agent: words.agentNotice(talk.serving),
      bot: '',
    }
    const text = texts[kind]
    notice.hidden = text === ''
    notice.setAttribute('data-kind', kind)
    setText(notice, text)
    announceOnce(text)
  }

  function showTyping(talk: Talk, agentIsTyping: boolean): void {
    const isWriting = isAnswerDue(talk) || agentIsTyping
    const text = agentIsTyping ? words.agentTyping : words.botTyping
    if (isWriting && typing.hidden) announce(text)
    typing.hidden = !isWriting
    if (typing.textContent !== text)
      fill(
        typing,
        element('span', { class: 'dots' }, element('i'), element('i'), element('i')),
        element('span', {}, text),
      )
  }

  return {
    root,
    announce,
    focusInput: () => composer.focus(),
    isAtEnd: () => scroll.isAtEnd(),
    show(talk, scene) {
      const { connection, agentIsTyping, providerName } = scene
      setAttribute(root, 'data-connection', connection)
      header.show(connection, talk.holder, providerName)
      showNotice(talk, scene)
      const redraw = () => {
        const rows = toRows(talk)
        older.hidden = (talk.lines[0]?.seq ?? 1) <= 1
        log.show(rows, deliveredKey(rows, talk), { words, locale, now: now() })
        choices.show(openPrompt(talk))
        rating.show(talk.rateable)
        showTyping(talk, agentIsTyping)
      }
      if (isLoadingOlder) scroll.keepPlaceFromEnd(redraw)
      else scroll.keepPlace(redraw)
      if (talk.loaded && !isAnnouncing) {
        isAnnouncing = true
        log.announceAdditions()
      }
    },
  }
}

/** While people answer, which may take a while, our last line says that it has arrived. */
function deliveredKey(rows: readonly Row[], talk: Talk): string | undefined {
  const last = rows[rows.length - 1]
  if (talk.holder === 'bot' || last?.kind !== 'line' || last.author !== 'merchant') return undefined
  return cursorOf(talk) > 0 && (last.seq !== undefined || last.send?.state === 'stored')
    ? last.key
    : undefined
}
