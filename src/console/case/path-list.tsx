import { List, Text } from '@mantine/core'
import type { Card } from '../wire.ts'
import { useNames } from '../words/use-vocabulary.ts'
import { useWords } from '../words/words.ts'

type Props = { readonly path: Card['path']; readonly flow: string | null }

export function PathList({ path, flow }: Props) {
  const words = useWords()
  const names = useNames()
  if (path.length === 0)
    return (
      <Text size="sm" c="dimmed">
        {words.card.noPath}
      </Text>
    )
  return (
    <List type="ordered" size="sm" spacing={6}>
      {path.map(({ step, question, answer, said }, index) => {
        const known = names.answer(answer, step, flow)
        return (
          <List.Item key={index} className="wrap">
            {question === '' ? names.step(step, flow) : question}
            <Text size="sm" className="wrap">
              → <b>{known}</b>
              {said !== '' && said !== known && (
                <Text span size="sm" c="dimmed">
                  {' '}
                  ({words.card.said} “<bdi>{said}</bdi>”)
                </Text>
              )}
            </Text>
          </List.Item>
        )
      })}
    </List>
  )
}
