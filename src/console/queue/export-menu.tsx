import { Alert, Button, Menu } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { saveFile } from '../save-file.ts'
import { useMe } from '../use-me.ts'
import { errorText } from '../words/error-text.ts'
import { useWords } from '../words/words.ts'
import { toQuery, type Filters } from './filters.ts'

type Props = { readonly filters: Filters }

/** Gives leads and admins the tickets of the present filters as a file. */
export function ExportMenu({ filters }: Props) {
  const words = useWords()
  const me = useMe()
  const save = useMutation({
    mutationFn: (format: 'csv' | 'json') => {
      const day = new Date().toLocaleDateString('sv-SE')
      return saveFile(`/tickets.${format}?${toQuery(filters, '')}`, `tickets-${day}.${format}`)
    },
  })
  if (me.role === 'agent') return null
  return (
    <>
      <Menu position="bottom-end" withinPortal>
        <Menu.Target>
          <Button size="sm" px={10} variant="default" flex="none" loading={save.isPending}>
            {words.queue.exportAs}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Label>{words.queue.exportHint}</Menu.Label>
          <Menu.Item
            onClick={() => {
              save.mutate('csv')
            }}
          >
            {words.queue.exportCsv}
          </Menu.Item>
          <Menu.Item
            onClick={() => {
              save.mutate('json')
            }}
          >
            {words.queue.exportJson}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {save.isError && (
        <Alert
          className="queue-alert"
          color="red"
          py={6}
          role="alert"
          withCloseButton
          onClose={() => {
            save.reset()
          }}
        >
          {errorText(words, save.error)}
        </Alert>
      )}
    </>
  )
}
