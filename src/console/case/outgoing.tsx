import { Button, Group, Paper, Stack, Text } from '@mantine/core'
import { useMe } from '../use-me.ts'
import { useWords } from '../words/words.ts'
import { useDraft } from './drafts.ts'
import { pictureUrl } from './picture-url.ts'
import { useSend, without } from './use-send.ts'

type Props = { readonly ticketId: string; readonly canSend: boolean }

/** What is on its way, and what did not arrive. */
export function Outgoing({ ticketId, canSend }: Props) {
  const words = useWords()
  const me = useMe()
  const [draft, update] = useDraft(me.id, ticketId)
  const send = useSend(ticketId)
  if (draft.messages.length === 0) return null
  return (
    <Stack gap={6} mb={8} mah={160} style={{ overflowY: 'auto' }}>
      {draft.messages.map(({ clientMsgId, kind, text, attachmentIds, epoch, state, error }) => (
        <Paper key={clientMsgId} withBorder px="sm" py={6} role={state === 'failed' ? 'alert' : undefined}>
          <Text size="sm" dir="auto" className="wrap" style={{ whiteSpace: 'pre-wrap' }}>
            {text}
          </Text>
          {attachmentIds.length > 0 && (
            <div className="chosen-pictures">
              {attachmentIds.map((id, index) => (
                <div key={id} className="chosen-picture">
                  <img src={pictureUrl(id)} alt={words.pictures.place(index + 1)} />
                </div>
              ))}
            </div>
          )}
          {state === 'sending' ? (
            <Text size="xs" c="dimmed">
              {words.composer.sending}
            </Text>
          ) : (
            <Group gap={8}>
              <Text size="xs" c="var(--mantine-color-error)" fw={600}>
                {words.composer.failed}
                {error !== '' && ` · ${error}`}
              </Text>
              {canSend && (
                <Button
                  size="compact-xs"
                  variant="light"
                  onClick={() => {
                    send({ kind, text, attachmentIds, epoch }, clientMsgId)
                  }}
                >
                  {words.composer.retry}
                </Button>
              )}
              <Button
                size="compact-xs"
                variant="subtle"
                color="gray"
                onClick={() => {
                  update((old) => ({
                    ...without(old, clientMsgId),
                    text: [old.text, text].filter((words) => words !== '').join('\n'),
                    attachmentIds: [...new Set([...old.attachmentIds, ...attachmentIds])],
                  }))
                }}
              >
                {words.composer.discard}
              </Button>
            </Group>
          )}
        </Paper>
      ))}
    </Stack>
  )
}
