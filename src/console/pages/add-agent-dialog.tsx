import { Alert, Button, Group, Modal, NativeSelect, Stack, TextInput } from '@mantine/core'
import { useState, type FormEvent } from 'react'
import { errorText } from '../words/error-text.ts'
import { useWords } from '../words/words.ts'
import type { useChangeAgent } from './use-change-agent.ts'

type Props = {
  readonly isOpen: boolean
  readonly change: ReturnType<typeof useChangeAgent>
  readonly onClose: () => void
}

export function AddAgentDialog({ isOpen, change, onClose }: Props) {
  const words = useWords()
  const [name, setName] = useState('')
  const [email, setEmail] = useState('')
  const [role, setRole] = useState('agent')

  function submit(event: FormEvent): void {
    event.preventDefault()
    change.mutate(
      { body: { name: name.trim(), email: email.trim(), role } },
      {
        onSuccess: () => {
          setName('')
          setEmail('')
          setRole('agent')
          onClose()
        },
      },
    )
  }

  return (
    <Modal opened={isOpen} onClose={onClose} title={words.staff.add} centered>
      <form onSubmit={submit}>
        <Stack>
          {change.isError && (
            <Alert color="red" role="alert">
              {errorText(words, change.error, words.staff.taken)}
            </Alert>
          )}
          <TextInput
            data-autofocus
            label={words.staff.name}
            required
            maxLength={50}
            value={name}
            onChange={(event) => {
              setName(event.currentTarget.value)
            }}
          />
          <TextInput
            label={words.logIn.email}
            type="email"
            required
            maxLength={254}
            value={email}
            onChange={(event) => {
              setEmail(event.currentTarget.value)
            }}
          />
          <NativeSelect
            label={words.staff.role}
            value={role}
            data={[
              { value: 'agent', label: words.roles.agent },
              { value: 'lead', label: words.roles.lead },
              { value: 'admin', label: words.roles.admin },
            ]}
            onChange={(event) => {
              setRole(event.currentTarget.value)
            }}
          />
          <Group justify="flex-end">
            <Button type="submit" loading={change.isPending}>
              {words.staff.add}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
