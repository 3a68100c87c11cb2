import { Kbd, Modal, Table } from '@mantine/core'
import { useWords } from './words/words.ts'

type Props = { readonly isOpen: boolean; readonly onClose: () => void }

export function HelpDialog({ isOpen, onClose }: Props) {
  const words = useWords()
  return (
    <Modal opened={isOpen} onClose={onClose} title={words.help.heading} centered>
      <Table withRowBorders={false}>
        <Table.Tbody>
          {Object.entries(words.help.keys).map(([key, meaning]) => (
            <Table.Tr key={key}>
              <Table.Td w={90}>
                <Kbd>{key}</Kbd>
              </Table.Td>
              <Table.Td>{meaning}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Modal>
  )
}
