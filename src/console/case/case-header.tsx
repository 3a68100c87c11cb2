import { Badge, Button, Group, Text, Title } from '@mantine/core'
import { PriorityBadge } from '../priority-badge.tsx'
import { go } from '../route.ts'
import type { Ticket } from '../wire.ts'
import { useNames } from '../words/use-vocabulary.ts'
import { useWords } from '../words/words.ts'
import type { DialogKind } from './case-dialogs.tsx'
import type { Permissions } from './permissions.ts'
import { PresenceNotice } from './presence-notice.tsx'

type Props = {
  readonly ticket: Ticket
  readonly may: Permissions
  readonly isBusy: boolean
  readonly onClaim: () => void
  readonly onDialog: (kind: DialogKind) => void
}

export function CaseHeader({ ticket, may, isBusy, onClaim, onDialog }: Props) {
  const words = useWords()
  const names = useNames()
  const quiet = { size: 'xs', variant: 'default', disabled: isBusy } as const
  return (
    <header className="case-header">
      <Group gap={8} wrap="nowrap">
        <Button
          className="case-back"
          size="compact-sm"
          variant="subtle"
          aria-label={words.actions.back}
          onClick={() => {
            go('#/tickets')
          }}
        >
          ‹ {words.nav.desk}
        </Button>
        <PriorityBadge priority={ticket.priority} />
        <Title order={2} size="h5" lineClamp={1}>
          {names.intent(ticket.intent)}
        </Title>
        <Text size="sm" c="dimmed" flex="none">
          {ticket.number}
        </Text>
        <Badge variant="light" color={ticket.status === 'open' ? 'orange' : 'gray'} tt="none" flex="none">
          {words.status[ticket.status]}
        </Badge>
      </Group>
      <Group gap={6} mt={8}>
        {may.claim && (
          <Button size="xs" loading={isBusy} onClick={onClaim}>
            {words.actions.claim}
          </Button>
        )}
        {may.work && (
          <Button
            size="xs"
            disabled={isBusy}
            onClick={() => {
              onDialog('resolve')
            }}
          >
            {words.actions.resolve}
          </Button>
        )}
        {may.work && (
          <Button
            {...quiet}
            onClick={() => {
              onDialog('handback')
            }}
          >
            {words.actions.handback}
          </Button>
        )}
        {may.transfer && (
          <Button
            {...quiet}
            onClick={() => {
              onDialog('transfer')
            }}
          >
            {words.actions.transfer}
          </Button>
        )}
        {may.release && (
          <Button
            {...quiet}
            onClick={() => {
              onDialog('release')
            }}
          >
            {words.actions.release}
          </Button>
        )}
        <PresenceNotice ticketId={ticket.id} />
      </Group>
    </header>
  )
}
