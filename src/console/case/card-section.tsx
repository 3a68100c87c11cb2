import { Text } from '@mantine/core'
import type { ReactNode } from 'react'

type Props = { readonly heading: string; readonly children: ReactNode }

export function CardSection({ heading, children }: Props) {
  return (
    <section aria-label={heading}>
      <Text component="h4" size="xs" c="dimmed" fw={600} m={0} mb={4}>
        {heading}
      </Text>
      {children}
    </section>
  )
}
