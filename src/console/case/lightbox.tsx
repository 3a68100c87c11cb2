import { Button, Group, Modal, Text } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { change } from '../api.ts'
import { Nothing, type Attachment } from '../wire.ts'
import { errorText } from '../words/error-text.ts'
import { useWords } from '../words/words.ts'
import { pictureUrl } from './picture-url.ts'
import { ticketPath } from './use-case.ts'

type Props = {
  readonly ticketId: string
  readonly picture: Attachment | undefined
  readonly onClose: () => void
}

/** One picture as large as the window, or in its own size after a click; and the way to take it away. */
export function Lightbox({ ticketId, picture, onClose }: Props) {
  const words = useWords()
  return (
    <Modal
      opened={picture !== undefined}
      onClose={onClose}
      title={words.pictures.one}
      closeButtonProps={{ 'aria-label': words.pictures.close }}
      size="auto"
      centered
    >
      {picture !== undefined && (
        <Enlarged key={picture.id} ticketId={ticketId} picture={picture} onClose={onClose} />
      )}
    </Modal>
  )
}

function Enlarged({ ticketId, picture, onClose }: Omit<Props, 'picture'> & { readonly picture: Attachment }) {
  const words = useWords()
  const [isFull, setIsFull] = useState(false)
  return (
    <>
      <button
        type="button"
        className="enlarged"
        data-full={isFull}
        aria-label={isFull ? words.pictures.fit : words.pictures.full}
        onClick={() => {
          setIsFull(!isFull)
        }}
      >
        <img
          src={pictureUrl(picture.id)}
          alt={words.pictures.one}
          width={picture.width}
          height={picture.height}
        />
      </button>
      <Removal ticketId={ticketId} id={picture.id} onDone={onClose} />
    </>
  )
}

function Removal({
  ticketId,
  id,
  onDone,
}: {
  readonly ticketId: string
  readonly id: string
  readonly onDone: () => void
}) {
  const words = useWords()
  const queries = useQueryClient()
  const [isAsking, setIsAsking] = useState(false)
  const removal = useMutation({
    mutationFn: () => change('POST', `${ticketPath(ticketId)}/attachments/${id}/remove`, {}, Nothing),
    onSettled: () => queries.invalidateQueries({ queryKey: ['case', ticketId] }),
    onSuccess: onDone,
  })
  return (
    <Group mt="sm" justify="space-between">
      <Text size="sm" c={removal.isError ? 'var(--mantine-color-error)' : 'dimmed'}>
        {removal.isError ? errorText(words, removal.error) : isAsking ? words.pictures.askRemove : ''}
      </Text>
      <Button
        color="red"
        variant={isAsking ? 'filled' : 'light'}
        loading={removal.isPending}
        onClick={() => {
          if (isAsking) removal.mutate()
          else setIsAsking(true)
        }}
      >
        {isAsking ? words.pictures.confirmRemove : words.pictures.remove}
      </Button>
    </Group>
  )
}
