import { Stack, Text, VisuallyHidden } from '@mantine/core'
import { useEffect, useRef } from 'react'
import type { Attachment, Case } from '../wire.ts'
import { useCell } from '../cell.ts'
import { merchantsTyping } from '../live/live-stream.ts'
import { useNow } from '../words/use-now.ts'
import { useWords } from '../words/words.ts'
import { Bubble, type BubbleEntry } from './bubble.tsx'

type Props = { readonly data: Case; readonly onPicture: (picture: Attachment) => void }

/** The conversation with the staff's notes in between, in order of time. */
export function Transcript({ data, onPicture }: Props) {
  const words = useWords()
  const now = useNow()
  const merchants = useCell(merchantsTyping)
  const end = useRef<HTMLDivElement>(null)
  const entries = mixed(data)
  const count = entries.length
  const known = useRef(count)

  useEffect(() => {
    const isNew = count > known.current
    known.current = count
    // The case opens at its card; where the transcript stands beside it, at its newest line.
    if (isNew || matchMedia('(min-width: 85em)').matches) end.current?.scrollIntoView({ block: 'nearest' })
  }, [count])

  return (
    <div className="transcript">
      <VisuallyHidden>
        <h3>{words.transcript.heading}</h3>
      </VisuallyHidden>
      <Stack gap={10} role="log" aria-label={words.transcript.heading}>
        {entries.length === 0 && (
          <Text c="dimmed" ta="center">
            {words.transcript.empty}
          </Text>
        )}
        {entries.map((entry) => (
          <Bubble
            key={`${entry.author}-${String(entry.seq)}`}
            ticket={data.ticket}
            entry={entry}
            now={now}
            isRead={readState(data, entry)}
            onPicture={onPicture}
          />
        ))}
      </Stack>
      {merchants.includes(data.ticket.id) && (
        <Text size="xs" c="dimmed" mt={8} role="status">
          {words.presence.merchantTyping}
        </Text>
      )}
      <div ref={end} />
    </div>
  )
}

/** Only the newest line of staff says whether it was seen, and only where the channel can tell. */
function readState({ ticket, transcript, readSeq = 0 }: Case, entry: BubbleEntry): boolean | undefined {
  const newest = transcript.findLast(({ author }) => author === 'agent')
  if (ticket.channel !== 'web' || entry !== newest) return undefined
  return entry.seq <= readSeq
}

function mixed({ transcript, notes }: Case): BubbleEntry[] {
  const written = notes.map((note) => ({ ...note, author: 'note' as const }))
  return [...transcript, ...written].sort((one, other) => Date.parse(one.at) - Date.parse(other.at))
}
