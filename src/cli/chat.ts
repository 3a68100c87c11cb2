import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { parseArgs } from 'node:util'

import { createIds, systemClock } from '../app/ids.ts'
import type { MessageHub } from '../app/message-hub.ts'
import type { Received } from '../app/channel-ports.ts'
import type { Store } from '../app/ports.ts'
import { receiveMessage } from '../app/receive-message.ts'
import { findWaiting } from '../app/waiting.ts'
import { createTerminalChannel, parseTerminalLine } from '../channels/terminal/terminal-channel.ts'
import { loadProject } from '../content/load-project.ts'
import { projectContent } from '../content/project.ts'
import type { Content } from '../core/content.ts'
import { AppError } from '../core/errors.ts'
import { explain } from '../core/nlu/classifier.ts'
import { openQuestion } from '../core/open-question.ts'
import type { TranscriptLine } from '../core/transcript.ts'
import { openLowdbStore } from '../store/lowdb/open.ts'
import { renderChatFile } from './chat-file.ts'

const HELP = `Type as a merchant would. Commands: /why  /state  /reset  /save FILE  /quit`

/** Talks to the bot in the terminal, on a throw-away store. Resolves to the exit code. */
export async function run(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: { json: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } },
  })
  if (values.help === true) {
    process.stdout.write(`chat [--json]\n${HELP}\n`)
    return 0
  }
  const content = loadProject(projectContent(), (lines) => {
    process.stderr.write(`training the classifier on ${lines} utterances …\n`)
  })
  const folder = mkdtempSync(join(tmpdir(), 'posdesk-chat-'))
  const store = await openLowdbStore(folder, { clock: systemClock })
  try {
    const talk = await Talk.begin(content, store, values.json === true)
    await talk.listen()
    return 0
  } finally {
    await store.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

class Talk {
  readonly #content: Content
  readonly #json: boolean
  readonly #hub: MessageHub
  #merchant = createIds().id()
  #line = 0
  #last: Received | undefined
  #lastText = ''

  private constructor(content: Content, hub: MessageHub, json: boolean) {
    this.#content = content
    this.#hub = hub
    this.#json = json
  }

  static async begin(content: Content, store: Store, json: boolean): Promise<Talk> {
    const { createHub } = await import('../channels/botkit/hub.ts')
    const receive = receiveMessage({
      store,
      content: () => content,
      clock: systemClock,
      ids: createIds(),
      waiting: findWaiting({ store, clock: systemClock, content: () => content }),
      onTurn: ({ error }) => {
        if (error !== undefined)
          process.stderr.write(`${error instanceof Error ? (error.stack ?? '') : String(error)}\n`)
      },
    })
    const channel = createTerminalChannel((lines) => {
      if (!json) lines.forEach((line) => process.stdout.write(renderLine(line)))
    })
    const onError = (event: string, error: unknown): void => {
      process.stderr.write(`${event}: ${error instanceof Error ? error.message : String(error)}\n`)
    }
    return new Talk(content, createHub({ receive, channels: [channel], deadlineMs: 10_000, onError }), json)
  }

  async listen(): Promise<void> {
    const input = createInterface({ input: process.stdin, terminal: false })
    const isPerson = !this.#json && process.stdin.isTTY
    if (!this.#json) process.stdout.write(`bot>      ${this.#content.replies.greet}\n`)
    if (isPerson) process.stdout.write(`          ${HELP}\nmerchant> `)
    for await (const text of input) {
      if (!this.#json && text.startsWith('/')) {
        if (text === '/quit') break
        this.#command(text)
      } else if (this.#json || text.trim() !== '') {
        await this.#say(text)
      }
      if (isPerson) process.stdout.write('merchant> ')
    }
    await this.#hub.close()
  }

  async #say(text: string): Promise<void> {
    this.#line++
    try {
      const message = parseTerminalLine(this.#merchant, this.#line, text)
      this.#lastText = text
      this.#last = await this.#hub.receive(message)
      if (this.#json) process.stdout.write(`${JSON.stringify(stateOf(this.#last))}\n`)
    } catch (error) {
      if (!(error instanceof AppError)) throw error
      if (this.#json)
        process.stdout.write(`${JSON.stringify({ error: { code: error.code, message: error.message } })}\n`)
      else process.stderr.write(`${error.message}\n`)
    }
  }

  #command(text: string): void {
    const [name = '', argument] = text.split(/\s+/u)
    switch (name) {
      case '/why':
        process.stdout.write(
          `${JSON.stringify(explain(this.#content.classifier, this.#lastText), null, 2)}\n`,
        )
        return
      case '/state':
        process.stdout.write(
          `${JSON.stringify(this.#last === undefined ? {} : stateOf(this.#last), null, 2)}\n`,
        )
        return
      case '/reset':
        this.#merchant = createIds().id()
        this.#last = undefined
        process.stdout.write(`bot>      ${this.#content.replies.greet}\n`)
        return
      case '/save':
        this.#save(argument)
        return
      default:
        process.stdout.write(`${HELP}\n`)
    }
  }

  /** Writes the talk as a conversation test; what it holds is masked already. */
  #save(file: string | undefined): void {
    if (file === undefined || this.#last === undefined) {
      process.stdout.write('/save FILE, after something was said\n')
      return
    }
    writeFileSync(file, renderChatFile(this.#last.conversation))
    process.stdout.write(`saved to ${file}\n`)
  }
}

function renderLine(line: TranscriptLine): string {
  const choices = (line.choices ?? [])
    .map(({ label }, index) => `            ${index + 1}. ${label}\n`)
    .join('')
  return `bot>      ${line.text.replaceAll('\n', '\n          ')}\n${choices}`
}

function stateOf({ replies, conversation, understood }: Received): Record<string, unknown> {
  const { flow, step } = openQuestion(conversation)
  const ticket = conversation.tickets.at(-1)
  return {
    replies: replies.map(({ text, choices }) => ({ text, ...(choices === undefined ? {} : { choices }) })),
    intent: understood?.intent ?? null,
    confidence: understood?.confidence ?? 0,
    flow,
    step,
    slots: conversation.dialogue.slots,
    holder: conversation.holder,
    ...(ticket === undefined
      ? {}
      : {
          ticket: {
            id: ticket.id,
            number: ticket.number,
            status: ticket.status,
            priority: ticket.priority,
            reason: ticket.reason,
            intent: ticket.intent,
            flow: ticket.flow,
            lastStep: ticket.lastStep,
          },
        }),
  }
}
