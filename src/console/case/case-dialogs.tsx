import { Button, Group, Modal, Stack, Text } from '@mantine/core'
import type { Case } from '../wire.ts'
import { useWords } from '../words/words.ts'
import { ResolveForm } from './resolve-form.tsx'
import { TransferForm } from './transfer-form.tsx'
import type { Action } from './use-action.ts'

export type DialogKind = 'resolve' | 'transfer' | 'handback' | 'release'

type Props = {
  readonly kind: DialogKind | undefined
  readonly data: Case
  readonly onAct: (action: Action) => void
  readonly onClose: () => void
}

export function CaseDialogs({ kind, data, onAct, onClose }: Props) {
  const words = useWords()
  const headings = {
    resolve: words.resolve.heading,
    transfer: words.transfer.heading,
    handback: words.actions.handback,
    release: words.actions.release,
  }
  return (
    <Modal opened={kind !== undefined} onClose={onClose} title={kind && headings[kind]} centered>
      {kind === 'resolve' && <ResolveForm card={data.card} onAct={onAct} />}
      {kind === 'transfer' && <TransferForm ticket={data.ticket} onAct={onAct} />}
      {(kind === 'handback' || kind === 'release') && (
        <Stack>
          <Text size="sm">{words[kind].ask}</Text>
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {words.actions.cancel}
            </Button>
            <Button
              data-autofocus
              onClick={() => {
                onAct({ kind, body: {} })
              }}
            >
              {words[kind].submit}
            </Button>
          </Group>
        </Stack>
      )}
    </Modal>
  )
}
