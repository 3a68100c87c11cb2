import { Badge, Button, Group, NativeSelect, Table, Text } from '@mantine/core'
import type { Agent } from '../wire.ts'
import { useWords } from '../words/words.ts'
import type { AgentChange } from './use-change-agent.ts'

type Props = {
  readonly agent: Agent
  readonly isMe: boolean
  readonly isBusy: boolean
  readonly onChange: (body: AgentChange['body']) => void
}

export function StaffRow({ agent, isMe, isBusy, onChange }: Props) {
  const words = useWords()
  const isDisabled = agent.disabled === true
  return (
    <Table.Tr>
      <Table.Td>
        <Text size="sm" fw={600}>
          <bdi>{agent.name}</bdi> {isMe && words.staff.you}
        </Text>
        <Text size="xs" c="dimmed">
          <bdi>{agent.email}</bdi>
        </Text>
      </Table.Td>
      <Table.Td>
        <NativeSelect
          size="xs"
          w={110}
          aria-label={`${words.staff.role} ${agent.name}`}
          // Nobody takes the last key out of their own hand.
          disabled={isMe || isBusy}
          value={agent.role}
          data={[
            { value: 'agent', label: words.roles.agent },
            { value: 'lead', label: words.roles.lead },
            { value: 'admin', label: words.roles.admin },
          ]}
          onChange={(event) => {
            onChange({ role: event.currentTarget.value })
          }}
        />
      </Table.Td>
      <Table.Td>
        <Badge color={isDisabled ? 'gray' : 'teal'} variant="light" tt="none">
          {isDisabled ? words.staff.disabled : words.staff.active}
        </Badge>
      </Table.Td>
      <Table.Td>
        <Group gap={6} justify="flex-end" wrap="nowrap">
          <Button
            size="xs"
            variant="default"
            disabled={isBusy}
            onClick={() => {
              onChange({ password: true })
            }}
          >
            {words.staff.newPassword}
          </Button>
          <Button
            size="xs"
            variant="default"
            disabled={isMe || isBusy}
            onClick={() => {
              onChange({ disabled: !isDisabled })
            }}
          >
            {isDisabled ? words.staff.enable : words.staff.disable}
          </Button>
        </Group>
      </Table.Td>
    </Table.Tr>
  )
}
