import { cleanText, LONGEST_TEXT } from '../clean-text.ts'
import { element, icon, ICONS, setText } from '../dom.ts'
import { createPictureTray, pictureFiles } from './picture-tray.ts'
import type { ChosenPicture } from './picture-tray.ts'
import type { Dictionary } from '../dictionary.ts'
import type { PreparedPicture } from '../prepare-picture.ts'

export type Composer = {
  readonly root: HTMLFormElement
  focus(): void
  /** Puts a message back for editing, before what is already being written. */
  putBack(text: string): void
  /** Takes picture files that were dropped on the panel. */
  addFiles(files: readonly File[]): void
}

const COUNT_FROM = LONGEST_TEXT - 400
/** More than this pasted at once is an accident; keeping it would only make the page slow. */
const LONGEST_DRAFT = LONGEST_TEXT * 5

type Deps = {
  readonly words: Dictionary
  readonly onSend: (text: string, pictures: readonly ChosenPicture[]) => void
  readonly announce: (text: string) => void
  readonly makeKey: () => string
  readonly prepare: (file: Blob) => Promise<PreparedPicture | undefined>
  /** Something was typed. */
  readonly onTyping: () => void
}

/** The input line. Enter sends, Shift+Enter starts a new line, and an Enter that ends a Chinese word does neither. */
export function createComposer({ words, onSend, announce, makeKey, prepare, onTyping }: Deps): Composer {
  const input = element('textarea', {
    id: 'message',
    rows: '1',
    placeholder: words.placeholder,
    'aria-describedby': 'privacy-hint',
    enterkeyhint: 'send',
    autocomplete: 'off',
  })
  const send = element(
    'button',
    { type: 'submit', class: 'send', 'aria-label': words.send },
    icon(...ICONS.send),
  )
  const counter = element('span', { class: 'counter' })
  const tray = createPictureTray({ words, makeKey, prepare, announce, onChange: () => refresh() })
  const root = element(
    'form',
    { class: 'composer' },
    element('label', { class: 'sr', for: 'message' }, words.message),
    tray.root,
    element('div', { class: 'field' }, tray.button, input, send),
    element('p', { class: 'hint' }, element('span', { id: 'privacy-hint' }, words.privacyHint), counter),
  )
  let wasTooLong = false

  const mayBeSent = (text: string): boolean =>
    (text !== '' || !tray.isEmpty) && text.length <= LONGEST_TEXT && !tray.isBusy

  function refresh(): void {
    if (input.value.length > LONGEST_DRAFT) input.value = input.value.slice(0, LONGEST_DRAFT)
    const text = cleanText(input.value)
    const excess = text.length - LONGEST_TEXT
    send.disabled = !mayBeSent(text)
    const count = text.length >= COUNT_FROM ? words.remaining(text.length, LONGEST_TEXT) : ''
    setText(counter, excess > 0 ? words.tooLong(excess) : count)
    counter.classList.toggle('over', excess > 0)
    if (excess > 0 && !wasTooLong) announce(words.tooLong(excess))
    wasTooLong = excess > 0
    grow()
  }

  /** The stylesheet caps the height at four lines. */
  function grow(): void {
    input.style.height = 'auto'
    input.style.height = `${String(input.scrollHeight)}px`
  }

  function submit(): void {
    const text = cleanText(input.value)
    if (!mayBeSent(text)) return
    input.value = ''
    const pictures = tray.take()
    refresh()
    onSend(text, pictures)
  }

  input.addEventListener('input', () => {
    refresh()
    if (input.value !== '') onTyping()
  })
  input.addEventListener('paste', (event) => {
    const files = pictureFiles(event.clipboardData)
    if (files.length === 0) return
    event.preventDefault()
    tray.add(files)
  })
  input.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' || event.shiftKey || isComposing(event)) return
    event.preventDefault()
    submit()
  })
  root.addEventListener('submit', (event) => {
    event.preventDefault()
    submit()
    input.focus()
  })
  send.disabled = true

  return {
    root,
    focus: () => input.focus(),
    addFiles: tray.add,
    putBack(text) {
      input.value = input.value === '' ? text : `${text}\n${input.value}`
      refresh()
      input.focus()
      input.setSelectionRange(text.length, text.length)
    },
  }
}

/** 229 is what browsers give as key code while an input method works; Safari ends the composition before the key. */
export function isComposing(event: KeyboardEvent): boolean {
  return event.isComposing || event.keyCode === 229
}
