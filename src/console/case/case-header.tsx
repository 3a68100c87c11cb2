import { Badge, Button, Group, Text, Title } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { PriorityBadge } from '../priority-badge.tsx'
import { go } from '../route.ts'
import { saveFile } from '../save-file.ts'
import type { Quota, Ticket } from '../wire.ts'
import { errorText } from '../words/error-text.ts'
import { useNames } from '../words/use-vocabulary.ts'
import { useWords } from '../words/words.ts'
import type { DialogKind } from './case-dialogs.tsx'
import type { Permissions } from './permissions.ts'
import { PresenceNotice } from './presence-notice.tsx'
import { QuotaNotice } from './quota-notice.tsx'
import { ticketPath } from './use-case.ts'

type Props = {
  readonly ticket: Ticket
  readonly quota: Quota | undefined
  readonly may: Permissions
  readonly isBusy: boolean
  readonly onClaim: () => void
  readonly onDialog: (kind: DialogKind) => void
}

export function CaseHeader({ ticket, quota, may, isBusy, onClaim, onDialog }: Props) {
  const words = useWords()
  const names = useNames()
  const exporting = useMutation({
    mutationFn: () => saveFile(`${ticketPath(ticket.id)}/export`, `ticket-${ticket.number}.html`),
  })
  const quiet = { size: 'xs', variant: 'default', disabled: isBusy } as const
  return (
    <header className="case-header">
      <Group gap={8}>
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
        {quota !== undefined && <QuotaNotice quota={quota} />}
        <Button
          size="xs"
          variant="default"
          loading={exporting.isPending}
          onClick={() => {
            exporting.mutate()
          }}
        >
          {words.actions.exportPage}
        </Button>
        <PresenceNotice ticketId={ticket.id} />
      </Group>
      {exporting.isError && (
        <Text size="xs" c="var(--mantine-color-error)" role="alert" mt={4}>
          {errorText(words, exporting.error)}
        </Text>
      )}
    </header>
  )
}
