import { Card, Text } from '@mantine/core'

type Props = { readonly label: string; readonly value: string; readonly hint?: string }

export function Figure({ label, value, hint }: Props) {
  return (
    <Card withBorder>
      <Text size="sm" c="dimmed">
        {label}
      </Text>
      <Text size="xl" fw={700}>
        {value}
      </Text>
      {hint !== undefined && (
        <Text size="xs" c="dimmed">
          {hint}
        </Text>
      )}
    </Card>
  )
}
