import type { Content } from '../core/content.ts'
import type { Conversation } from '../core/conversation.ts'
import { type TurnContext, type TurnInput, handOverAfterError } from '../core/turn.ts'
import type { TurnReport } from './receive-message.ts'

/**
 * What becomes of a turn that threw: the message is kept, the merchant told, and a human takes over. Never throws,
 * so that a poisonous message is stored once and not delivered again and again.
 */
export function failedTurn(
  before: Conversation,
  input: TurnInput,
  content: Content,
  context: TurnContext,
  error: unknown,
): TurnReport {
  return { ...handOverAfterError(before, input, content, context), error }
}
