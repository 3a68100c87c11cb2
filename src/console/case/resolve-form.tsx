import { Button, Group, Radio, Stack, Textarea } from '@mantine/core'
import { useState } from 'react'
import type { Card } from '../wire.ts'
import { useNames } from '../words/use-vocabulary.ts'
import { useWords } from '../words/words.ts'
import type { Action } from './use-action.ts'

type Props = { readonly card: Card; readonly onAct: (action: Action) => void }

/** Asks which of the steps worked, so that the figures can learn from it. */
export function ResolveForm({ card, onAct }: Props) {
  const words = useWords()
  const names = useNames()
  const [fix, setFix] = useState('')
  const [note, setNote] = useState('')
  const next = card.nextUntriedStep === undefined ? [] : [card.nextUntriedStep]
  const steps = [...new Set([...next, ...card.triedSteps])]
  return (
    <Stack>
      <Radio.Group label={words.resolve.fix} value={fix} onChange={setFix}>
        <Stack gap="xs" mt="xs">
          {steps.map((step) => (
            <Radio key={step} value={step} label={names.action(step, card.flow)} />
          ))}
          <Radio data-autofocus value="" label={words.resolve.none} />
        </Stack>
      </Radio.Group>
      <Textarea
        label={words.resolve.note}
        autosize
        minRows={2}
        maxRows={6}
        maxLength={2000}
        value={note}
        onChange={(event) => {
          setNote(event.currentTarget.value)
        }}
      />
      <Group justify="flex-end">
        <Button
          onClick={() => {
            const words = note.trim()
            onAct({
              kind: 'resolve',
              body: { ...(fix !== '' && { fix }), ...(words !== '' && { note: words }) },
            })
          }}
        >
          {words.resolve.submit}
        </Button>
      </Group>
    </Stack>
  )
}
