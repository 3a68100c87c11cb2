import { Modal, Skeleton, Stack, Text } from '@mantine/core'
import { Problem } from '../problem.tsx'
import type { Past } from '../wire.ts'
import { dateText } from '../words/duration.ts'
import { useNow } from '../words/use-now.ts'
import { useLanguage, useWords } from '../words/words.ts'
import { Bubble } from './bubble.tsx'
import { usePastTranscript } from './use-history.ts'

type Props = { readonly past: Past | undefined; readonly onClose: () => void }

/** The lines of an earlier conversation, to be read only. */
export function PastTranscript({ past, onClose }: Props) {
  const words = useWords()
  const language = useLanguage()
  const now = useNow()
  const lines = usePastTranscript(past?.id)
  return (
    <Modal
      opened={past !== undefined}
      onClose={onClose}
      size="lg"
      title={past && words.history.transcript(dateText(language, past.startedAt))}
    >
      {lines.isError && <Problem error={lines.error} onRetry={() => void lines.refetch()} />}
      {lines.isPending && <Skeleton height={160} />}
      <Stack gap={10} className="past-lines">
        {lines.data?.length === 0 && (
          <Text c="dimmed" ta="center">
            {words.transcript.empty}
          </Text>
        )}
        {lines.data?.map((line) => (
          <Bubble key={line.seq} entry={line} now={now} />
        ))}
      </Stack>
    </Modal>
  )
}
