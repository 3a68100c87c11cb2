import { Button, CloseButton, Divider, Group, Popover, Stack, Text, TextInput } from '@mantine/core'
import { useState, type FormEvent } from 'react'
import { useMe } from '../use-me.ts'
import { useWords } from '../words/words.ts'
import type { Filters } from './filters.ts'
import { readViews, writeViews, type SavedView } from './saved-views-storage.ts'

type Props = { readonly filters: Filters; readonly onPick: (filters: Filters) => void }

export function SavedViews({ filters, onPick }: Props) {
  const words = useWords()
  const me = useMe()
  const [views, setViews] = useState(() => readViews(me.id))
  const [name, setName] = useState('')
  const [isOpen, setOpen] = useState(false)

  function keep(next: SavedView[]): void {
    setViews(next)
    writeViews(me.id, next)
  }

  function save(event: FormEvent): void {
    event.preventDefault()
    const title = name.trim().slice(0, 30)
    if (title === '') return
    keep([...views.filter((view) => view.name !== title), { name: title, filters }])
    setName('')
  }

  return (
    <Popover opened={isOpen} onChange={setOpen} position="bottom-end" width={260} withinPortal trapFocus>
      <Popover.Target>
        <Button
          size="sm"
          px={10}
          variant="default"
          flex="none"
          onClick={() => {
            setOpen(!isOpen)
          }}
        >
          {words.queue.views}
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <Stack gap="xs">
          {views.length === 0 && (
            <Text size="sm" c="dimmed">
              {words.queue.noViews}
            </Text>
          )}
          {views.map((view) => (
            <Group key={view.name} gap={4} wrap="nowrap">
              <Button
                flex={1}
                size="xs"
                variant="subtle"
                justify="flex-start"
                onClick={() => {
                  onPick(view.filters)
                  setOpen(false)
                }}
              >
                {view.name}
              </Button>
              <CloseButton
                aria-label={`${words.queue.remove} ${view.name}`}
                onClick={() => {
                  keep(views.filter((other) => other !== view))
                }}
              />
            </Group>
          ))}
          <Divider label={words.queue.saveView} />
          <form onSubmit={save}>
            <Group gap="xs" wrap="nowrap">
              <TextInput
                flex={1}
                size="xs"
                aria-label={words.queue.viewName}
                placeholder={words.queue.viewName}
                value={name}
                onChange={(event) => {
                  setName(event.currentTarget.value)
                }}
              />
              <Button size="xs" type="submit" disabled={name.trim() === ''}>
                {words.queue.save}
              </Button>
            </Group>
          </form>
        </Stack>
      </Popover.Dropdown>
    </Popover>
  )
}
