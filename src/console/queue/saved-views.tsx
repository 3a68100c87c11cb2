import {
  Alert,
  Button,
  CloseButton,
  Divider,
  Group,
  Popover,
  Skeleton,
  Stack,
  Text,
  TextInput,
} from '@mantine/core'
import { useState, type FormEvent } from 'react'
import { Problem } from '../problem.tsx'
import { errorText } from '../words/error-text.ts'
import { useWords } from '../words/words.ts'
import type { Filters } from './filters.ts'
import { useChangeViews, useViews } from './use-views.ts'

type Props = { readonly filters: Filters; readonly onPick: (filters: Filters) => void }

const LONGEST_NAME = 30

export function SavedViews({ filters, onPick }: Props) {
  const words = useWords()
  const [isOpen, setOpen] = useState(false)
  const views = useViews(isOpen)
  const change = useChangeViews()
  const [name, setName] = useState('')

  function save(event: FormEvent): void {
    event.preventDefault()
    const title = name.trim()
    if (title === '') return
    change.mutate(
      { save: { name: title, filters: { ...filters, q: filters.q.trim() } } },
      {
        onSuccess: () => {
          setName('')
        },
      },
    )
  }

  return (
    <Popover opened={isOpen} onChange={setOpen} position="bottom-end" width={280} withinPortal trapFocus>
      <Popover.Target>
        <Button
          size="sm"
          px={10}
          variant="default"
          flex="none"
          onClick={() => {
            change.reset()
            setOpen(!isOpen)
          }}
        >
          {words.queue.views}
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <Stack gap="xs">
          {views.isPending && <Skeleton height={60} />}
          {views.isError && <Problem error={views.error} onRetry={() => void views.refetch()} />}
          {views.data?.length === 0 && (
            <Text size="sm" c="dimmed">
              {words.queue.noViews}
            </Text>
          )}
          <Stack gap={2} mah={260} style={{ overflowY: 'auto' }}>
            {views.data?.map((view) => (
              <Group key={view.name} gap={4} wrap="nowrap">
                <Button
                  flex={1}
                  miw={0}
                  size="xs"
                  variant="subtle"
                  justify="flex-start"
                  onClick={() => {
                    onPick(view.filters)
                    setOpen(false)
                  }}
                >
                  <bdi>{view.name}</bdi>
                </Button>
                <CloseButton
                  aria-label={`${words.queue.remove} ${view.name}`}
                  disabled={change.isPending}
                  onClick={() => {
                    change.mutate({ remove: view.name })
                  }}
                />
              </Group>
            ))}
          </Stack>
          {change.isError && (
            <Alert color="red" py={6} role="alert">
              {errorText(words, change.error, words.queue.tooManyViews)}
            </Alert>
          )}
          <Divider label={words.queue.saveView} />
          <form onSubmit={save}>
            <Group gap="xs" wrap="nowrap">
              <TextInput
                flex={1}
                miw={0}
                size="xs"
                aria-label={words.queue.viewName}
                placeholder={words.queue.viewName}
                maxLength={LONGEST_NAME}
                value={name}
                onChange={(event) => {
                  setName(event.currentTarget.value)
                }}
              />
              <Button size="xs" type="submit" loading={change.isPending} disabled={name.trim() === ''}>
                {words.queue.save}
              </Button>
            </Group>
          </form>
        </Stack>
      </Popover.Dropdown>
    </Popover>
  )
}
