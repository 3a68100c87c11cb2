import { Button, Skeleton, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import { Problem } from '../problem.tsx'
import type { Past } from '../wire.ts'
import { useWords } from '../words/words.ts'
import { CardSection } from './card-section.tsx'
import { PastConversation, PastTicket } from './past-conversation.tsx'
import { PastTranscript } from './past-transcript.tsx'
import { useHistory } from './use-history.ts'

type Props = { readonly conversationId: string; readonly ticketId: string }

/** What there was with this merchant before, and with this terminal at other merchants. */
export function HistorySection({ conversationId, ticketId }: Props) {
  const words = useWords()
  const [isOpen, setOpen] = useState(false)
  const [shown, setShown] = useState<Past>()
  const history = useHistory(conversationId, isOpen)
  const pages = history.data?.pages ?? []
  const past = pages.flatMap(({ conversations }) => conversations)
  const sameTerminal = pages.flatMap((page) => page.sameTerminal)
  const isFirst = past.length === 1 && past[0]?.tickets.length === 1 && past[0].solved.length === 0
  return (
    <CardSection heading={words.history.heading}>
      <Stack gap="xs" align="flex-start">
        <Button
          size="compact-sm"
          variant="light"
          aria-expanded={isOpen}
          onClick={() => {
            setOpen(!isOpen)
          }}
        >
          {isOpen ? words.history.hide : words.history.show}
        </Button>
        {isOpen && (
          <Stack gap="sm" w="100%">
            {history.isError && <Problem error={history.error} onRetry={() => void history.refetch()} />}
            {history.isPending && <Skeleton height={80} />}
            {isFirst && (
              <Text size="sm" c="dimmed">
                {words.history.none}
              </Text>
            )}
            {!isFirst &&
              past.map((one) => (
                <PastConversation
                  key={one.id}
                  past={one}
                  isThis={one.id === conversationId}
                  ticketId={ticketId}
                  onRead={setShown}
                />
              ))}
            {history.hasNextPage && (
              <Button
                size="compact-sm"
                variant="default"
                loading={history.isFetchingNextPage}
                onClick={() => void history.fetchNextPage()}
              >
                {words.queue.more}
              </Button>
            )}
            {sameTerminal.length > 0 && (
              <div>
                <Text size="sm" fw={600}>
                  {words.history.sameTerminal}
                </Text>
                {sameTerminal.map((ticket) => (
                  <PastTicket key={ticket.id} ticket={ticket} isThis={false} withDate />
                ))}
              </div>
            )}
          </Stack>
        )}
      </Stack>
      <PastTranscript
        past={shown}
        onClose={() => {
          setShown(undefined)
        }}
      />
    </CardSection>
  )
}
