import { Button, CopyButton, Table, Text } from '@mantine/core'
import type { Card } from '../wire.ts'
import { momentText } from '../words/duration.ts'
import { useNames } from '../words/use-vocabulary.ts'
import { useLanguage, useWords } from '../words/words.ts'

type Props = { readonly slots: Card['slots'] }

export function SlotList({ slots }: Props) {
  const words = useWords()
  const names = useNames()
  const language = useLanguage()
  const facts = Object.entries(slots)
  if (facts.length === 0)
    return (
      <Text size="sm" c="dimmed">
        {words.card.noFacts}
      </Text>
    )
  return (
    <Table withRowBorders={false} verticalSpacing={2} horizontalSpacing={0}>
      <Table.Tbody>
        {facts.map(([id, value]) => {
          const text = id === 'txn_time' ? momentText(language, String(value)) : String(value)
          return (
            <Table.Tr key={id}>
              <Table.Th scope="row" fw={400} c="dimmed" w={112}>
                {names.slot(id)}
              </Table.Th>
              <Table.Td className="wrap">
                <bdi>{text}</bdi>
              </Table.Td>
              <Table.Td w={72} ta="end">
                <CopyButton value={text}>
                  {({ copied, copy }) => (
                    <Button
                      size="compact-xs"
                      variant="subtle"
                      aria-label={`${words.card.copy} ${names.slot(id)}`}
                      onClick={copy}
                    >
                      {copied ? words.card.copied : words.card.copy}
                    </Button>
                  )}
                </CopyButton>
              </Table.Td>
            </Table.Tr>
          )
        })}
      </Table.Tbody>
    </Table>
  )
}
