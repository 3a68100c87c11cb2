import { Button, Group, NativeSelect, Stack, TextInput } from '@mantine/core'
import { useMe } from '../use-me.ts'
import { useWords } from '../words/words.ts'
import { ExportMenu } from './export-menu.tsx'
import { ALL_TABS, Filters } from './filters.ts'
import { SavedViews } from './saved-views.tsx'

type Props = { readonly filters: Filters; readonly onChange: (filters: Filters) => void }

export function QueueFilters({ filters, onChange }: Props) {
  const words = useWords()
  // Leads have one button more: then the search has a row of its own.
  const isAgent = useMe().role === 'agent'
  return (
    <Stack className="queue-filters" gap={8}>
      <div className="queue-tabs" role="group" aria-label={words.queue.label}>
        {ALL_TABS.map((tab) => (
          <Button
            key={tab}
            size="compact-sm"
            px={8}
            flex="none"
            variant={tab === filters.tab ? 'light' : 'subtle'}
            color={tab === filters.tab ? 'teal' : 'gray'}
            aria-pressed={tab === filters.tab}
            onClick={() => {
              onChange({ ...filters, tab })
            }}
          >
            {words.tabs[tab]}
          </Button>
        ))}
      </div>
      <Group gap={8}>
        <TextInput
          flex={isAgent ? '1 1 96px' : '1 1 100%'}
          miw={96}
          size="sm"
          type="search"
          aria-label={words.queue.search}
          placeholder={words.queue.search}
          value={filters.q}
          onChange={(event) => {
            onChange({ ...filters, q: event.currentTarget.value.slice(0, 100) })
          }}
          onKeyDown={(event) => {
            if (event.key === 'Escape') event.currentTarget.blur()
          }}
        />
        <NativeSelect
          size="sm"
          w={96}
          aria-label={words.queue.priority}
          value={filters.priority}
          data={[
            { value: '', label: words.queue.priority },
            { value: 'P1', label: 'P1' },
            { value: 'P2', label: 'P2' },
            { value: 'P3', label: 'P3' },
            { value: 'P4', label: 'P4' },
          ]}
          onChange={(event) => {
            const parsed = Filters.safeParse({ ...filters, priority: event.currentTarget.value })
            if (parsed.success) onChange(parsed.data)
          }}
        />
        <SavedViews filters={filters} onPick={onChange} />
        <ExportMenu filters={filters} />
      </Group>
    </Stack>
  )
}
