import { Badge } from '@mantine/core'

const COLORS = { P1: 'red', P2: 'orange', P3: 'blue', P4: 'gray' } as const

type Props = { readonly priority: keyof typeof COLORS }

export function PriorityBadge({ priority }: Props) {
  return (
    <Badge color={COLORS[priority]} variant="filled" radius="sm" px={6} flex="none">
      {priority}
    </Badge>
  )
}
