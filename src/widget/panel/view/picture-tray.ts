import { element, fill, icon, ICONS, setText } from '../dom.ts'
import type { Dictionary } from '../dictionary.ts'
import type { PreparedPicture } from '../prepare-picture.ts'

/** A picture chosen for the message being written. */
export type ChosenPicture = PreparedPicture & { readonly key: string }

export type PictureTray = {
  /** Opens the choice of where a picture comes from. */
  readonly button: HTMLButtonElement
  /** The choice and what was chosen, above the input line. */
  readonly root: HTMLElement
  add(files: readonly File[]): void
  readonly isEmpty: boolean
  /** Takes the chosen pictures out; none while one of them is still being made ready. */
  take(): readonly ChosenPicture[]
  readonly isBusy: boolean
}

type Deps = {
  readonly words: Dictionary
  readonly makeKey: () => string
  readonly prepare: (file: Blob) => Promise<PreparedPicture | undefined>
  readonly announce: (text: string) => void
  readonly onChange: () => void
}

export const MOST_PICTURES = 4
/** iPhones turn their own format into one of these when they are asked for. */
const ACCEPTED = 'image/jpeg,image/png,image/webp'

type Entry = { readonly key: string; readonly url: string; ready?: PreparedPicture }

export function createPictureTray({ words, makeKey, prepare, announce, onChange }: Deps): PictureTray {
  let entries: Entry[] = []
  const problem = element('p', { class: 'tray-problem', hidden: true })
  const hint = element('p', { class: 'tray-hint', id: 'cover-hint' }, words.coverHint)
  const strip = element('ul', { class: 'chosen', 'aria-label': words.chosenPictures })
  const sources = element('div', { class: 'sources' }, ...sourceButtons())
  const root = element('div', { class: 'tray', hidden: true }, hint, sources, strip, problem)
  const button = element(
    'button',
    { type: 'button', class: 'attach', 'aria-label': words.attach, 'aria-expanded': 'false' },
    icon(...ICONS.picture),
  )
  let isOpen = false

  function sourceButtons(): HTMLElement[] {
    const camera = sourceButton(words.takePhoto, { capture: 'environment', class: 'camera' })
    const files = sourceButton(words.choosePicture, { multiple: true, class: 'files' })
    return [camera, files]
  }

  function sourceButton(label: string, attributes: Record<string, string | boolean>): HTMLElement {
    const { class: name = '', ...rest } = attributes
    const input = element('input', { type: 'file', accept: ACCEPTED, hidden: true, tabindex: '-1', ...rest })
    const open = element(
      'button',
      { type: 'button', class: 'source', 'aria-describedby': 'cover-hint' },
      label,
    )
    open.addEventListener('click', () => input.click())
    input.addEventListener('change', () => {
      add([...(input.files ?? [])])
      input.value = ''
    })
    return element('span', { class: name }, open, input)
  }

  function toggle(open: boolean): void {
    isOpen = open
    button.setAttribute('aria-expanded', String(open))
    draw()
    if (open) {
      announce(words.coverHint)
      firstShown(sources)?.focus()
    }
  }

  function draw(): void {
    sources.hidden = !isOpen
    strip.hidden = entries.length === 0
    root.hidden = !isOpen && entries.length === 0 && problem.hidden
    hint.hidden = !isOpen && entries.length === 0
    setText(hint, isOpen ? words.coverHint : words.coveredHint)
    fill(strip, ...entries.map(chosen))
    button.disabled = entries.length >= MOST_PICTURES
    onChange()
  }

  function chosen({ key, url, ready }: Entry, index: number): HTMLElement {
    const image = element('img', { alt: words.chosenPicture(index + 1), src: url })
    const remove = element(
      'button',
      { type: 'button', class: 'remove', 'aria-label': words.removePicture(index + 1) },
      icon(...ICONS.close),
    )
    remove.addEventListener('click', () => {
      drop(key)
      draw()
      button.focus()
    })
    return element('li', ready === undefined ? { class: 'busy' } : {}, image, remove)
  }

  function drop(key: string): void {
    const gone = entries.find((entry) => entry.key === key)
    if (gone !== undefined) URL.revokeObjectURL(gone.url)
    entries = entries.filter((entry) => entry.key !== key)
  }

  function complain(text: string): void {
    problem.hidden = text === ''
    setText(problem, text)
    if (text !== '') announce(text)
  }

  function add(files: readonly File[]): void {
    complain('')
    const room = MOST_PICTURES - entries.length
    if (files.length > room) complain(words.tooManyPictures(MOST_PICTURES))
    for (const file of files.slice(0, room)) void addOne(file)
    toggle(false)
  }

  async function addOne(file: File): Promise<void> {
    const entry: Entry = { key: makeKey(), url: URL.createObjectURL(file) }
    entries = [...entries, entry]
    const ready = await prepare(file)
    if (ready === undefined) {
      drop(entry.key)
      complain(words.notAPicture)
    } else {
      entry.ready = ready
    }
    draw()
  }

  button.addEventListener('click', () => toggle(!isOpen))
  root.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || !isOpen) return
    event.stopPropagation()
    toggle(false)
    button.focus()
  })

  return {
    button,
    root,
    add,
    get isEmpty() {
      return entries.length === 0
    },
    get isBusy() {
      return entries.some(({ ready }) => ready === undefined)
    },
    take() {
      const taken = entries.flatMap(({ key, ready }) => (ready === undefined ? [] : [{ key, ...ready }]))
      for (const { key } of taken) drop(key)
      complain('')
      draw()
      return taken
    },
  }
}

/** Where the camera button is not shown, the next one takes its place. */
function firstShown(sources: HTMLElement): HTMLElement | undefined {
  return [...sources.querySelectorAll('button')].find((button) => button.offsetParent !== null)
}

/** The picture files among what was pasted or dropped. Words copied with a picture of themselves are words. */
export function pictureFiles(data: DataTransfer | null): File[] {
  if (data === null || data.types.includes('text/plain')) return []
  return [...data.files].filter(({ type }) => type.startsWith('image/'))
}
