import { Button, Group, Radio, Skeleton, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import { Problem } from '../problem.tsx'
import { useAgents } from '../use-agents.ts'
import type { Ticket } from '../wire.ts'
import { useWords } from '../words/words.ts'
import type { Action } from './use-action.ts'

type Props = { readonly ticket: Ticket; readonly onAct: (action: Action) => void }

export function TransferForm({ ticket, onAct }: Props) {
  const words = useWords()
  const agents = useAgents()
  const [agentId, setAgentId] = useState('')
  if (agents.isError) return <Problem error={agents.error} onRetry={() => void agents.refetch()} />
  if (agents.data === undefined) return <Skeleton height={120} />
  const others = agents.data.filter(({ id, disabled }) => id !== ticket.assignee && disabled !== true)
  if (others.length === 0) return <Text c="dimmed">{words.transfer.nobody}</Text>
  return (
    <Stack>
      <Radio.Group aria-label={words.transfer.agent} value={agentId} onChange={setAgentId}>
        <Stack gap="xs">
          {others.map(({ id, name, role }) => (
            <Radio key={id} value={id} label={<bdi>{name}</bdi>} description={words.roles[role]} />
          ))}
        </Stack>
      </Radio.Group>
      <Group justify="flex-end">
        <Button
          disabled={agentId === ''}
          onClick={() => {
            onAct({ kind: 'transfer', body: { agentId } })
          }}
        >
          {words.transfer.submit}
        </Button>
      </Group>
    </Stack>
  )
}
