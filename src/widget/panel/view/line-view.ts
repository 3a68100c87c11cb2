import { element, fill, setAttribute, setText } from '../dom.ts'
import { PICTURE_PROBLEMS } from '../bring-pictures.ts'
import { createPicturesView } from './pictures-view.ts'
import { renderTime } from '../time-text.ts'
import type { Dictionary, Locale } from '../dictionary.ts'
import type { PictureDeps } from './pictures-view.ts'
import type { LineRow, Row } from '../rows.ts'

export type LineActions = {
  readonly onRetry: (id: string) => void
  readonly onEdit: (id: string) => void
  readonly onDiscard: (id: string) => void
}

export type LineContext = { readonly words: Dictionary; readonly locale: Locale; readonly now: number }

/** One row on the screen. `show` touches only what differs: what is put in anew is read out anew. */
export type RowView = {
  readonly root: HTMLElement
  show(row: Row, isDelivered: boolean, context: LineContext): void
}

export function createRowView(actions: LineActions, pictureDeps: PictureDeps): RowView {
  const root = element('div')
  const pictures = createPicturesView(pictureDeps)
  const text = element('p', { class: 'text', dir: 'auto' })
  let shown = ''

  function showLine(row: LineRow, isDelivered: boolean, words: Dictionary): void {
    root.className = `line ${row.author}${row.opensGroup ? ' opens-group' : ''}`
    setAttribute(root, 'data-author', row.author)
    setAttribute(root, 'data-seq', row.seq === undefined ? false : String(row.seq))
    setAttribute(root, 'data-state', row.send?.state ?? false)
    setText(text, row.text)
    text.hidden = row.text === ''
    pictures.show(row.pictures, row.name ?? (row.author === 'system' ? '' : words.authors[row.author]))
    if (!root.contains(text)) fill(root, ...frame(row, text, pictures.root, words))
    root.querySelector('.fate')?.remove()
    const fate = createFate(row, isDelivered, words, actions)
    if (fate !== undefined) root.append(fate)
  }

  return {
    root,
    show(row, isDelivered, context) {
      // The name of a day changes at midnight.
      const day = row.kind === 'time' ? new Date(context.now).toDateString() : ''
      const appearance = JSON.stringify([row, isDelivered, day])
      if (appearance === shown) return
      shown = appearance
      if (row.kind === 'line') {
        showLine(row, isDelivered, context.words)
      } else if (row.kind === 'restart') {
        root.className = 'line system'
        setText(text, context.words.newSession)
        root.append(text)
      } else {
        root.className = row.newDay ? 'time new-day' : 'time'
        const time = renderTime(row.at, row.newDay, context.now, context.locale, context.words)
        fill(root, element('time', { datetime: new Date(row.at).toISOString() }, time))
      }
    },
  }
}

/** What stands around a line's text. The name is seen once for a group, and heard with every line. */
function frame(row: LineRow, text: HTMLElement, pictures: HTMLElement, words: Dictionary): HTMLElement[] {
  if (row.author === 'system') return [text]
  const name = row.name ?? words.authors[row.author]
  const bubble = element(
    'div',
    { class: 'bubble' },
    element('span', { class: 'sr' }, words.says(name)),
    pictures,
    text,
  )
  if (row.choices > 0) bubble.append(element('span', { class: 'sr' }, words.choicesOffered(row.choices)))
  return row.author === 'merchant'
    ? [bubble]
    : [element('p', { class: 'by', 'aria-hidden': 'true' }, name), bubble]
}

/** Problems of pictures come as a word of our own, others as the server's sentence. */
function explained(problem: string, words: Dictionary): string {
  const known = PICTURE_PROBLEMS.find((name) => name === problem)
  return known === undefined ? problem : words.pictureProblems[known]
}

/** What became of our own line, and what can be done about it. */
function createFate(
  row: LineRow,
  isDelivered: boolean,
  words: Dictionary,
  actions: LineActions,
): HTMLElement | undefined {
  if (row.send === undefined || row.send.state === 'stored')
    return isDelivered ? element('p', { class: 'fate' }, words.delivered) : undefined
  const { id, state, problem, progress } = row.send
  const button = (label: string, act: (id: string) => void) => {
    const made = element('button', { type: 'button', class: 'link' }, label)
    made.addEventListener('click', () => act(id))
    return made
  }
  const withActions = (kind: string, reason: string, ...buttons: readonly HTMLElement[]) =>
    element(
      'p',
      { class: kind },
      element('span', { class: 'reason' }, reason),
      element('span', { class: 'actions' }, ...buttons),
    )
  switch (state) {
    case 'waiting':
      return element('p', { class: 'fate' }, words.waiting)
    case 'sending':
      return row.pictures.length === 0
        ? element('p', { class: 'fate soon' }, words.sending)
        : withActions('fate', words.uploading(progress ?? 100), button(words.cancel, actions.onDiscard))
    case 'delayed':
      return withActions('fate', words.delayed, button(words.retry, actions.onRetry))
    case 'failed': {
      const isExplained = problem !== undefined && problem !== ''
      // Refused for a reason it would be refused again; without one, trying again may help.
      const mayHelp = !isExplained || problem === 'quota'
      const retry = mayHelp ? [button(words.retry, actions.onRetry)] : []
      const edit = row.pictures.length === 0 ? [button(words.edit, actions.onEdit)] : []
      const others = [...edit, button(words.discard, actions.onDiscard)]
      const reason = isExplained ? words.failedBecause(explained(problem, words)) : words.failed
      return withActions('fate failed', reason, ...retry, ...others)
    }
  }
}
