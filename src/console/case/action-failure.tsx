import { Alert } from '@mantine/core'
import { ApiError } from '../api.ts'
import { useMe } from '../use-me.ts'
import type { Ticket } from '../wire.ts'
import { errorText } from '../words/error-text.ts'
import { useWords } from '../words/words.ts'
import type { useAction } from './use-action.ts'

type Props = { readonly action: ReturnType<typeof useAction>; readonly ticket: Ticket }

/** Says why an action did nothing; of a lost claim, who has the ticket now. */
export function ActionFailure({ action, ticket }: Props) {
  const words = useWords()
  const me = useMe()
  if (!action.isError) return null
  const isLostRace =
    action.error instanceof ApiError && action.error.status === 409 && action.variables.kind === 'claim'
  const isHeldByOther = ticket.assignee != null && ticket.assignee !== me.id
  const lost = isHeldByOther
    ? words.why.lost(ticket.assigneeName ?? words.why.someone)
    : words.why.lostUnknown
  return (
    <Alert
      color={isLostRace ? 'orange' : 'red'}
      title={isLostRace ? lost : words.why.failed}
      radius={0}
      role="alert"
      withCloseButton
      onClose={() => {
        action.reset()
      }}
    >
      {!(isLostRace && isHeldByOther) && errorText(words, action.error)}
    </Alert>
  )
}
