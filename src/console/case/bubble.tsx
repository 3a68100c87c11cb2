import { Badge, Group } from '@mantine/core'
import type { Attachment, Line, Note, Ticket } from '../wire.ts'
import { Pictures } from './pictures.tsx'
import { timeText } from '../words/duration.ts'
import { DeliveryNote } from './delivery-note.tsx'
import { useLanguage, useWords } from '../words/words.ts'

export type BubbleEntry =
  | Line
  | (Note & {
      readonly author: 'note'
      readonly choices?: undefined
      readonly attachments?: undefined
      readonly delivery?: undefined
    })

/**
 * `ticket`: whose line may be sent once more, `onPicture`: what opens a picture; neither where an earlier talk
 * is only read.
 */
type Props = {
  readonly ticket?: Ticket
  readonly entry: BubbleEntry
  readonly now: number
  /** Whether the merchant has seen it; undefined where that is not said. */
  readonly isRead?: boolean | undefined
  readonly onPicture?: (picture: Attachment) => void
}

/** One line of the transcript. What people wrote is only ever a text node. */
export function Bubble({ ticket, entry, now, isRead, onPicture }: Props) {
  const words = useWords()
  const language = useLanguage()
  const who = entry.author === 'note' ? words.transcript.note : words.transcript[entry.author]
  return (
    <article>
      <div className="bubble" data-author={entry.author}>
        {entry.author !== 'system' && (
          <div className="bubble-foot">
            {who}
            {entry.name !== undefined && (
              <>
                {' · '}
                <bdi>{entry.name}</bdi>
              </>
            )}
            {' · '}
            <time dateTime={entry.at}>{timeText(language, entry.at, now)}</time>
            {isRead !== undefined && ` · ${isRead ? words.transcript.read : words.transcript.unread}`}
          </div>
        )}
        {entry.attachments !== undefined && entry.attachments.length > 0 && (
          <Pictures pictures={entry.attachments} by={entry.name ?? who} onOpen={onPicture} />
        )}
        {entry.text !== '' && <div dir="auto">{entry.text}</div>}
        {entry.choices !== undefined && entry.choices.length > 0 && (
          <Group gap={4} mt={6} aria-label={words.transcript.choices}>
            {entry.choices.map(({ id, label }) => (
              <Badge key={id} variant="default" tt="none" fw={400}>
                <bdi>{label}</bdi>
              </Badge>
            ))}
          </Group>
        )}
        {ticket !== undefined && entry.delivery !== undefined && (
          <DeliveryNote ticket={ticket} seq={entry.seq} delivery={entry.delivery} />
        )}
      </div>
    </article>
  )
}
