import { Button, Group, Skeleton, Stack, Table, Text, Title } from '@mantine/core'
import { useState } from 'react'
import { Problem } from '../problem.tsx'
import { useAgents } from '../use-agents.ts'
import { useMe } from '../use-me.ts'
import { errorText } from '../words/error-text.ts'
import { useWords } from '../words/words.ts'
import { AddAgentDialog } from './add-agent-dialog.tsx'
import { PasswordDialog } from './password-dialog.tsx'
import { StaffRow } from './staff-row.tsx'
import { useChangeAgent } from './use-change-agent.ts'

export function StaffPage() {
  const words = useWords()
  const me = useMe()
  const agents = useAgents()
  const change = useChangeAgent()
  const [isAdding, setAdding] = useState(false)
  const isAdmin = me.role === 'admin'
  return (
    <div className="page">
      <Stack>
        <Group justify="space-between">
          <Title order={1} size="h3">
            {words.staff.heading}
          </Title>
          {isAdmin && (
            <Button
              onClick={() => {
                change.reset()
                setAdding(true)
              }}
            >
              {words.staff.add}
            </Button>
          )}
        </Group>
        {!isAdmin && <Text c="dimmed">{words.staff.adminOnly}</Text>}
        {agents.isError && <Problem error={agents.error} onRetry={() => void agents.refetch()} />}
        {change.isError && !isAdding && (
          <Text c="var(--mantine-color-error)" role="alert">
            {errorText(words, change.error, words.staff.lastAdmin)}
          </Text>
        )}
        {agents.isPending && <Skeleton height={200} />}
        {agents.data && isAdmin && (
          <Table.ScrollContainer minWidth={640}>
            <Table verticalSpacing="sm">
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>{words.staff.name}</Table.Th>
                  <Table.Th>{words.staff.role}</Table.Th>
                  <Table.Th>{words.staff.state}</Table.Th>
                  <Table.Th />
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {agents.data.map((agent) => (
                  <StaffRow
                    key={agent.id}
                    agent={agent}
                    isMe={agent.id === me.id}
                    isBusy={change.isPending}
                    onChange={(body) => {
                      change.mutate({ id: agent.id, body })
                    }}
                  />
                ))}
              </Table.Tbody>
            </Table>
          </Table.ScrollContainer>
        )}
      </Stack>
      <AddAgentDialog
        isOpen={isAdding}
        change={change}
        onClose={() => {
          setAdding(false)
        }}
      />
      <PasswordDialog
        shown={change.data}
        onClose={() => {
          change.reset()
        }}
      />
    </div>
  )
}
