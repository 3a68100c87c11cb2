import { ActionIcon, CloseButton, Group, Text } from '@mantine/core'
import { useRef } from 'react'
import { useWords } from '../words/words.ts'
import { pictureUrl } from './picture-url.ts'
import { MOST_PICTURES, type usePictures } from './use-pictures.ts'

type Props = { readonly pictures: ReturnType<typeof usePictures> }

/** The button that chooses pictures for an answer. */
export function PictureButton({ pictures }: Props) {
  const words = useWords()
  const input = useRef<HTMLInputElement>(null)
  const count = pictures.ids.length + pictures.pending.filter(({ error }) => error === '').length
  return (
    <>
      <ActionIcon
        variant="default"
        size={36}
        aria-label={words.pictures.attach}
        disabled={count >= MOST_PICTURES}
        onClick={() => input.current?.click()}
      >
        <svg
          viewBox="0 0 24 24"
          width={20}
          height={20}
          fill="none"
          stroke="currentColor"
          strokeWidth={1.8}
          aria-hidden
        >
          <path d="M5 5h14a1.5 1.5 0 0 1 1.5 1.5v11A1.5 1.5 0 0 1 19 19H5a1.5 1.5 0 0 1-1.5-1.5v-11A1.5 1.5 0 0 1 5 5z" />
          <path
            d="M4 16.5l4.5-4.5 4 4 2.5-2.5 5 5M15.5 9.5h.01"
            strokeLinecap="round"
            strokeLinejoin="round"
          />
        </svg>
      </ActionIcon>
      <input
        ref={input}
        type="file"
        accept="image/jpeg,image/png,image/webp"
        multiple
        hidden
        onChange={(event) => {
          pictures.add([...(event.currentTarget.files ?? [])])
          event.currentTarget.value = ''
        }}
      />
    </>
  )
}

/** What was chosen, before it is sent. */
export function ChosenPictures({ pictures }: Props) {
  const words = useWords()
  const failed = pictures.pending.find(({ error }) => error !== '')
  if (pictures.ids.length + pictures.pending.length === 0) return null
  const chosen = [
    ...pictures.ids.map((id) => ({ key: id, url: pictureUrl(id), isBusy: false })),
    ...pictures.pending
      .filter(({ error }) => error === '')
      .map(({ key, url }) => ({ key, url, isBusy: true })),
  ]
  return (
    <div className="chosen-pictures">
      <Group gap={8} role="list" aria-label={words.pictures.chosen}>
        {chosen.map(({ key, url, isBusy }, index) => (
          <div key={key} role="listitem" className="chosen-picture" aria-busy={isBusy}>
            <img src={url} alt={words.pictures.place(index + 1)} />
            <CloseButton
              size="sm"
              aria-label={words.pictures.drop(index + 1)}
              onClick={() => {
                pictures.remove(key)
              }}
            />
          </div>
        ))}
      </Group>
      {failed !== undefined && (
        <Text size="xs" c="var(--mantine-color-error)" role="alert">
          {words.pictures.failed} · {failed.error}
        </Text>
      )}
    </div>
  )
}
