import { Text } from '@mantine/core'
import type { Quota } from '../wire.ts'
import { durationText } from '../words/duration.ts'
import { useNow } from '../words/use-now.ts'
import { useWords } from '../words/words.ts'

type Props = { readonly quota: Quota }

/** How many messages the merchant's channel still takes, and for how long. */
export function QuotaNotice({ quota: { remaining, windowEndsAt } }: Props) {
  const words = useWords()
  const now = useNow()
  const leftMs = windowEndsAt === null ? 0 : new Date(windowEndsAt).getTime() - now
  const isOver = remaining === 0 || leftMs <= 0
  return (
    <Text size="xs" c={isOver ? 'var(--mantine-color-error)' : 'dimmed'} role="status" data-quota={remaining}>
      {isOver ? words.quota.over : words.quota.left(String(remaining), durationText(words, leftMs))}
    </Text>
  )
}
