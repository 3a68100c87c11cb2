import { Button, Code, CopyButton, Group, Modal, Stack, Text } from '@mantine/core'
import type { Agent } from '../wire.ts'
import { useWords } from '../words/words.ts'

type Props = {
  readonly shown: { readonly agent: Agent; readonly password: string | undefined } | undefined
  readonly onClose: () => void
}

/** Shows a new password once. It closes only by its own button, so that no stray click loses the password. */
export function PasswordDialog({ shown, onClose }: Props) {
  const words = useWords()
  if (shown?.password === undefined) return null
  const { agent, password } = shown
  return (
    <Modal
      opened
      onClose={onClose}
      title={words.staff.newPassword}
      centered
      closeOnClickOutside={false}
      closeOnEscape={false}
      withCloseButton={false}
    >
      <Stack>
        <Text size="sm">
          <bdi>{words.staff.once(agent.name)}</bdi>
        </Text>
        <Group wrap="nowrap">
          <Code fz="md" p="xs" flex={1} className="wrap">
            {password}
          </Code>
          <CopyButton value={password}>
            {({ copied, copy }) => (
              <Button variant="light" onClick={copy}>
                {copied ? words.card.copied : words.card.copy}
              </Button>
            )}
          </CopyButton>
        </Group>
        <Text size="xs" c="dimmed">
          {words.staff.onceHint}
        </Text>
        <Group justify="flex-end">
          <Button onClick={onClose}>{words.staff.close}</Button>
        </Group>
      </Stack>
    </Modal>
  )
}
