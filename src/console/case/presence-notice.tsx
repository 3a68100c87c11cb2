import { Text } from '@mantine/core'
import { useCell } from '../cell.ts'
import { presence } from '../live/live-stream.ts'
import { useMe } from '../use-me.ts'
import { useWords } from '../words/words.ts'
import { useLooking } from './use-presence.ts'

type Props = { readonly ticketId: string }

/** Who else is at this ticket. */
export function PresenceNotice({ ticketId }: Props) {
  const words = useWords()
  const me = useMe()
  useLooking(ticketId)
  const others = (useCell(presence)[ticketId] ?? []).filter(({ agentId }) => agentId !== me.id)
  const namesOf = (state: string): string =>
    others
      .filter((other) => other.state === state)
      .map(({ name }) => name)
      .join('、')
  const typing = namesOf('typing')
  const looking = namesOf('looking')
  if (typing === '' && looking === '') return null
  return (
    <Text size="xs" c="dimmed" role="status">
      <bdi>
        {typing !== '' && words.presence.typing(typing)} {looking !== '' && words.presence.looking(looking)}
      </bdi>
    </Text>
  )
}
