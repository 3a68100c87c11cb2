import { Text } from '@mantine/core'
import { CasePane } from './case/case-pane.tsx'
import { QueuePane } from './queue/queue-pane.tsx'
import { useWords } from './words/words.ts'

type Props = { readonly ticketId: string | undefined }

/** The queue, and beside it (on a phone: instead of it) the open case. */
export function Desk({ ticketId }: Props) {
  const words = useWords()
  return (
    <div className="desk" data-open={ticketId !== undefined}>
      <QueuePane openId={ticketId} />
      {ticketId === undefined ? (
        <div className="case case-empty">
          <Text c="dimmed" ta="center">
            {words.queue.pick}
          </Text>
        </div>
      ) : (
        <CasePane key={ticketId} ticketId={ticketId} />
      )}
    </div>
  )
}
