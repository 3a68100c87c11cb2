import { Anchor, Badge, Button, Group, Text } from '@mantine/core'
import { ticketHref } from '../route.ts'
import type { Past, Ticket } from '../wire.ts'
import { dateText } from '../words/duration.ts'
import { useNames } from '../words/use-vocabulary.ts'
import { useLanguage, useWords } from '../words/words.ts'

type Props = {
  readonly past: Past
  /** The conversation that is open beside the history. */
  readonly isThis: boolean
  readonly ticketId: string
  readonly onRead: (past: Past) => void
}

/** One conversation of the history: when it was, what it was about and how it ended. */
export function PastConversation({ past, isThis, ticketId, onRead }: Props) {
  const words = useWords()
  const names = useNames()
  const language = useLanguage()
  const isIdle = past.tickets.length === 0 && past.solved.length === 0
  return (
    <section className="past" aria-label={dateText(language, past.startedAt)}>
      <Group gap={6} justify="space-between" wrap="nowrap">
        <Text size="sm" c="dimmed">
          <time dateTime={past.startedAt}>{dateText(language, past.startedAt)}</time> ·{' '}
          {names.channel(past.channel)}
          {isThis && ` · ${words.history.now}`}
        </Text>
        {!isThis && (
          <Button
            size="compact-xs"
            variant="subtle"
            flex="none"
            onClick={() => {
              onRead(past)
            }}
          >
            {words.history.read}
          </Button>
        )}
      </Group>
      {past.tickets.map((ticket) => (
        <PastTicket key={ticket.id} ticket={ticket} isThis={ticket.id === ticketId} />
      ))}
      {past.solved.map(({ intent, flow, at }) => (
        <Text key={at} size="sm" className="wrap">
          {nameOf(intent, flow, names)} · {words.history.solved}
        </Text>
      ))}
      {isIdle && (
        <Text size="sm">
          {past.leftIn === null ? words.history.onlyAsked : words.history.leftIn(names.flow(past.leftIn))}
        </Text>
      )}
      {past.rating && (
        <Text size="sm" className="wrap">
          {words.history.rated(past.rating.score)} <bdi>{past.rating.comment}</bdi>
        </Text>
      )}
    </section>
  )
}

type TicketProps = { readonly ticket: Ticket; readonly isThis: boolean; readonly withDate?: boolean }

/** A ticket of the history in one line; it opens in the case page. */
export function PastTicket({ ticket, isThis, withDate = false }: TicketProps) {
  const words = useWords()
  const names = useNames()
  const language = useLanguage()
  const title = `${names.intent(ticket.intent)} ${ticket.number}`
  return (
    <div>
      <Group gap={6} wrap="wrap">
        {withDate && (
          <Text size="sm" c="dimmed">
            {dateText(language, ticket.createdAt)}
          </Text>
        )}
        {isThis ? (
          <Text size="sm" fw={600}>
            {title}
          </Text>
        ) : (
          <Anchor size="sm" href={ticketHref(ticket.id)}>
            {title}
          </Anchor>
        )}
        <Badge size="sm" variant="light" color={ticket.status === 'resolved' ? 'gray' : 'orange'} tt="none">
          {words.status[ticket.status]}
        </Badge>
      </Group>
      {(ticket.fix != null || ticket.rating != null) && (
        <Text size="sm" c="dimmed" className="wrap">
          {ticket.fix != null && `${words.card.fix}：${names.action(ticket.fix, ticket.flow)} `}
          {ticket.rating != null && (
            <>
              {words.history.rated(ticket.rating.score)} <bdi>{ticket.rating.comment}</bdi>
            </>
          )}
        </Text>
      )}
    </div>
  )
}

function nameOf(intent: string | null, flow: string | null, names: ReturnType<typeof useNames>): string {
  return intent === null ? names.flow(flow ?? '') : names.intent(intent)
}
