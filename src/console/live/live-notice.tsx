import { Alert } from '@mantine/core'
import { useCell } from '../cell.ts'
import { useWords } from '../words/words.ts'
import { liveState } from './live-stream.ts'

/** Says that what is shown may be old. */
export function LiveNotice() {
  const words = useWords()
  if (useCell(liveState) !== 'lost') return null
  return (
    <Alert color="orange" radius={0} py={6} role="status">
      {words.live.lost} {words.live.polling}
    </Alert>
  )
}
