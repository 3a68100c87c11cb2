import { Text } from '@mantine/core'
import { useState } from 'react'
import type { Attachment } from '../wire.ts'
import { useWords } from '../words/words.ts'
import { pictureUrl } from './picture-url.ts'

type Props = {
  readonly pictures: readonly Attachment[]
  readonly by: string
  /** None where pictures are only read: they open by themselves in a tab of their own. */
  readonly onOpen?: ((picture: Attachment) => void) | undefined
}

/** Small pictures that open large. */
export function Pictures({ pictures, by, onOpen }: Props) {
  const words = useWords()
  return (
    <div className="pictures">
      {pictures.map((picture, index) =>
        picture.removed === true ? (
          <Text key={picture.id} size="sm" c="dimmed" fs="italic">
            {words.pictures.removed}
          </Text>
        ) : (
          <Thumbnail
            key={picture.id}
            picture={picture}
            alt={words.pictures.by(by, index + 1, pictures.length)}
            onOpen={onOpen}
          />
        ),
      )}
    </div>
  )
}

function Thumbnail({
  picture,
  alt,
  onOpen,
}: Pick<Props, 'onOpen'> & { readonly picture: Attachment; readonly alt: string }) {
  const words = useWords()
  const [tries, setTries] = useState(0)
  const [isLost, setIsLost] = useState(false)
  if (isLost)
    return (
      <button
        type="button"
        className="picture"
        onClick={() => {
          setTries(tries + 1)
          setIsLost(false)
        }}
      >
        <Text size="xs" p={8}>
          {words.pictures.lost}
        </Text>
      </button>
    )
  const url = pictureUrl(picture.id)
  const image = (
    <img
      key={tries}
      src={url}
      alt={alt}
      width={picture.width}
      height={picture.height}
      loading="lazy"
      onError={() => {
        setIsLost(true)
      }}
    />
  )
  const label = words.pictures.enlarge(alt)
  if (onOpen === undefined)
    return (
      <a className="picture" href={url} target="_blank" rel="noreferrer" aria-label={label}>
        {image}
      </a>
    )
  return (
    <button
      type="button"
      className="picture"
      aria-label={label}
      onClick={() => {
        onOpen(picture)
      }}
    >
      {image}
    </button>
  )
}
