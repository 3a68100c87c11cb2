import { Badge, Group, Text, UnstyledButton } from '@mantine/core'
import { PriorityBadge } from '../priority-badge.tsx'
import { go, ticketHref } from '../route.ts'
import { useMe } from '../use-me.ts'
import type { Ticket } from '../wire.ts'
import { durationText, timeText } from '../words/duration.ts'
import { useNames } from '../words/use-vocabulary.ts'
import { useLanguage, useWords } from '../words/words.ts'

type Props = { readonly ticket: Ticket; readonly isOpen: boolean; readonly now: number }

/** Id of the element that shows a ticket in the queue. */
export function rowId(ticketId: string): string {
  return `ticket-row-${ticketId}`
}

export function TicketRow({ ticket, isOpen, now }: Props) {
  const words = useWords()
  const language = useLanguage()
  const names = useNames()
  const me = useMe()
  const isAnswered = ticket.answeredAt != null
  const dueAt = isAnswered ? (ticket.solveBy ?? ticket.dueAt) : ticket.dueAt
  const due = new Date(dueAt).getTime()
  const isResolved = ticket.status === 'resolved'
  const isLate = !isResolved && due < now
  const waited = durationText(words, now - new Date(ticket.createdAt).getTime())
  const holder =
    ticket.assignee === me.id ? words.queue.you : (ticket.assigneeName ?? (ticket.assignee ? '…' : undefined))
  return (
    <UnstyledButton
      id={rowId(ticket.id)}
      className="ticket-row"
      data-priority={ticket.priority}
      aria-current={isOpen}
      onClick={() => {
        go(ticketHref(ticket.id))
      }}
    >
      <Group gap={8} wrap="nowrap" justify="space-between">
        <Group gap={8} wrap="nowrap" miw={0}>
          <PriorityBadge priority={ticket.priority} />
          <Text fw={600} truncate>
            {names.intent(ticket.intent)}
          </Text>
        </Group>
        <Text size="xs" c="dimmed" flex="none">
          {ticket.number}
        </Text>
      </Group>
      <Text size="sm" truncate mt={2}>
        {names.reason(ticket.reason)} · {names.channel(ticket.channel)}
      </Text>
      <Group gap={8} justify="space-between" wrap="nowrap" mt={2}>
        <Text size="xs" c={isLate ? 'var(--mantine-color-error)' : 'dimmed'} fw={isLate ? 700 : 400} truncate>
          {isResolved
            ? timeText(language, ticket.resolvedAt ?? ticket.createdAt, now)
            : `${words.queue.waited(waited)} · ${
                isLate
                  ? words.queue.late(durationText(words, now - due))
                  : words.queue[isAnswered ? 'solveBy' : 'due'](timeText(language, dueAt, now))
              }`}
        </Text>
        <Badge
          size="sm"
          variant={holder === undefined ? 'outline' : 'light'}
          color={ticket.assignee === me.id ? 'teal' : 'gray'}
          tt="none"
          flex="none"
          maw={120}
        >
          <bdi>{isResolved ? words.status.resolved : (holder ?? words.queue.unassigned)}</bdi>
        </Badge>
      </Group>
    </UnstyledButton>
  )
}
