import type { KnownBlock } from '@slack/web-api'
import type { Choice, TranscriptLine } from '../../core/transcript.ts'
import { escapeText, splitEscaped } from './markup.ts'

/** Limits of Slack: characters of one section, of a button's words and value, buttons in one block. */
const SECTION_CHARACTERS = 3_000
const BUTTON_CHARACTERS = 75
const VALUE_CHARACTERS = 2_000
const BUTTONS_IN_BLOCK = 25
/** All blocks together; beyond it Slack refuses the message as a whole. */
const BLOCKS_CHARACTERS = 12_000

/** What `chat.postMessage` and `chat.update` take of a line. */
export type SlackText = { readonly text: string; readonly blocks?: KnownBlock[] }

/**
 * A line as Slack shows it: its text, and its choices as buttons that name the line they belong to. `text` alone is
 * always enough to read it (notifications, screen readers). Pure.
 */
export function renderLine(line: TranscriptLine): SlackText {
  const choices = line.choices ?? []
  const parts = splitEscaped(spokenText(line), SECTION_CHARACTERS)
  const [first = ''] = parts
  if (choices.length === 0 && parts.length <= 1) return { text: first }
  if (parts.join('').length > BLOCKS_CHARACTERS) return renderPlain(line)
  const rest = parts.length > 1 ? '…' : ''
  return {
    text: `${first.slice(0, SECTION_CHARACTERS - rest.length)}${rest}`,
    blocks: [...parts.map(section), ...buttons(line.seq, choices)],
  }
}

/** The same without any blocks, with the choices as words: for when Slack refuses the blocks. Pure. */
export function renderPlain(line: TranscriptLine): SlackText {
  const choices = (line.choices ?? []).map(({ label }, index) => `\n${index + 1}. ${label}`)
  return { text: escapeText(`${spokenText(line)}${choices.join('')}`) }
}

/** The words beside a line's pictures; without any, who sent them. Pure. */
export function renderComment(line: TranscriptLine): string | undefined {
  return line.text === '' ? line.name && escapeText(line.name) : renderPlain(line).text
}

/** A line that was answered: its text with `note` in place of the buttons. Pure. */
export function renderAnswered(line: TranscriptLine, note: string | undefined): Required<SlackText> {
  const { choices, ...bare } = line
  void choices
  const parts = splitEscaped(spokenText(bare), SECTION_CHARACTERS)
  const answered: KnownBlock[] =
    note === undefined
      ? []
      : [
          {
            type: 'context',
            elements: [{ type: 'plain_text', text: cut(note, BUTTON_CHARACTERS * 4), emoji: false }],
          },
        ]
  return { text: parts[0] ?? '', blocks: [...parts.map(section), ...answered] }
}

/** An agent's words stand under the agent's name: the bot speaks in the same voice. */
function spokenText({ author, name, text }: TranscriptLine): string {
  return author === 'agent' && name !== undefined ? `${name}：${text}` : text
}

function section(text: string): KnownBlock {
  return { type: 'section', text: { type: 'mrkdwn', text, verbatim: true } }
}

function buttons(seq: number, choices: readonly Choice[]): KnownBlock[] {
  const blocks: KnownBlock[] = []
  for (let from = 0; from < choices.length; from += BUTTONS_IN_BLOCK) {
    const some = choices.slice(from, from + BUTTONS_IN_BLOCK)
    blocks.push({
      type: 'actions',
      block_id: from === 0 ? `prompt:${seq}` : `prompt:${seq}:${from}`,
      elements: some.map(({ id, label }) => ({
        type: 'button',
        action_id: cut(`choice:${id}`, 255),
        text: { type: 'plain_text', text: cut(label, BUTTON_CHARACTERS), emoji: false },
        value: id.slice(0, VALUE_CHARACTERS),
      })),
    })
  }
  return blocks
}

function cut(text: string, most: number): string {
  if (text.length <= most) return text
  const short = text.slice(0, most - 1)
  // Half a surrogate pair is no text.
  return `${/[\uD800-\uDBFF]$/.test(short) ? short.slice(0, -1) : short}…`
}
