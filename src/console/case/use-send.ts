import { useQueryClient } from '@tanstack/react-query'
import { change } from '../api.ts'
import { useMe } from '../use-me.ts'
import { Nothing } from '../wire.ts'
import { errorText } from '../words/error-text.ts'
import { useWords } from '../words/words.ts'
import { useDraft, type Draft, type Message } from './drafts.ts'
import { ticketPath } from './use-case.ts'

/** Sends an agent's words; what fails stays, to be sent again under the same id. */
export function useSend(ticketId: string) {
  const words = useWords()
  const me = useMe()
  const queries = useQueryClient()
  const [, update] = useDraft(me.id, ticketId)

  async function send(message: Message): Promise<void> {
    update((draft) => put(draft, { ...message, state: 'sending', error: '' }))
    const { kind, clientMsgId, text, attachmentIds, epoch } = message
    try {
      if (kind === 'note')
        await change('POST', `${ticketPath(ticketId)}/notes`, { clientMsgId, text }, Nothing)
      else
        await change(
          'POST',
          `${ticketPath(ticketId)}/reply`,
          { clientMsgId, text, attachmentIds, epoch },
          Nothing,
        )
    } catch (error) {
      update((draft) => put(draft, { ...message, state: 'failed', error: errorText(words, error) }))
      void queries.invalidateQueries({ queryKey: ['case', ticketId] })
      return
    }
    await queries.invalidateQueries({ queryKey: ['case', ticketId] })
    update((draft) => without(draft, clientMsgId))
    void queries.invalidateQueries({ queryKey: ['tickets'] })
  }

  return (
    message: Pick<Message, 'kind' | 'text' | 'attachmentIds' | 'epoch'>,
    clientMsgId: string = crypto.randomUUID(),
  ): void => {
    void send({ ...message, clientMsgId, state: 'sending', error: '' })
  }
}

export function without(draft: Draft, clientMsgId: string): Draft {
  return { ...draft, messages: draft.messages.filter((other) => other.clientMsgId !== clientMsgId) }
}

function put(draft: Draft, message: Message): Draft {
  const isKnown = draft.messages.some(({ clientMsgId }) => clientMsgId === message.clientMsgId)
  if (!isKnown) return { ...draft, messages: [...draft.messages, message] }
  const messages = draft.messages.map((other) =>
    other.clientMsgId === message.clientMsgId ? message : other,
  )
  return { ...draft, messages }
}
