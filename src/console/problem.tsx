import { Alert, Button, Stack, Text } from '@mantine/core'
import { errorText } from './words/error-text.ts'
import { useWords } from './words/words.ts'

type Props = { readonly error: unknown; readonly onRetry: () => void }

/** What could not be read, and the way to try again. */
export function Problem({ error, onRetry }: Props) {
  const words = useWords()
  return (
    <Alert color="red" title={words.errors.heading} m="md" role="alert">
      <Stack align="flex-start" gap="xs">
        <Text size="sm">{errorText(words, error)}</Text>
        <Button size="xs" variant="default" onClick={onRetry}>
          {words.errors.retry}
        </Button>
      </Stack>
    </Alert>
  )
}
