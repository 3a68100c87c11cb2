import { Button, Group, Text } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { change } from '../api.ts'
import { useMe } from '../use-me.ts'
import { type Delivery, Nothing, type Ticket } from '../wire.ts'
import { errorText } from '../words/error-text.ts'
import { useWords } from '../words/words.ts'
import { permissionsOf } from './permissions.ts'

type Props = { readonly ticket: Ticket; readonly seq: number; readonly delivery: Delivery }

/** Whether a line reached the merchant, and a button to send it once more when it may not have. */
export function DeliveryNote({ ticket, seq, delivery: { state, reason } }: Props) {
  const words = useWords()
  const me = useMe()
  const queries = useQueryClient()
  const again = useMutation({
    mutationFn: () =>
      change('POST', `/conversations/${ticket.conversationId}/outbox/${String(seq)}/retry`, {}, Nothing),
    onSettled: () => queries.invalidateQueries({ queryKey: ['case', ticket.id] }),
  })
  const isLost = state === 'failed' || state === 'unknown' || state === 'expired'
  const known = Object.entries(words.delivery.why).find(([code]) => code === reason)
  const why = state === 'unknown' || state === 'sent' ? undefined : (known?.[1] ?? reason)
  const mayRetry = permissionsOf(ticket, me).work && (isLost || state === 'parked')
  return (
    <Group gap={8} mt={4} role={isLost ? 'alert' : undefined} data-delivery={state}>
      <Text size="xs" c={isLost ? 'var(--mantine-color-error)' : 'dimmed'} fw={isLost ? 600 : 400}>
        {words.delivery[state]}
        {why !== undefined && ` · ${why}`}
      </Text>
      {mayRetry && (
        <Button
          size="compact-xs"
          variant="light"
          loading={again.isPending}
          onClick={() => {
            again.mutate()
          }}
        >
          {words.delivery.again}
        </Button>
      )}
      {again.isError && (
        <Text size="xs" c="var(--mantine-color-error)">
          {errorText(words, again.error)}
        </Text>
      )}
    </Group>
  )
}
