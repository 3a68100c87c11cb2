import { Button, Combobox, Group, SegmentedControl, Text, Textarea, useCombobox } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useEffect, type KeyboardEvent, type SyntheticEvent } from 'react'
import { read } from '../api.ts'
import { useMe } from '../use-me.ts'
import { CannedAnswer, type Case } from '../wire.ts'
import { useNames } from '../words/use-vocabulary.ts'
import { useWords } from '../words/words.ts'
import { fillReply, matchingReplies } from './canned.ts'
import { useDraft } from './drafts.ts'
import { ChosenPictures, PictureButton } from './picture-picker.tsx'
import { useTyping } from './use-presence.ts'
import { pictureFiles, usePictures } from './use-pictures.ts'
import { useSend } from './use-send.ts'

type Mode = 'reply' | 'note'
type Props = { readonly data: Case; readonly mode: Mode; readonly onMode: (mode: Mode) => void }

const LONGEST = 4000

export function Composer({ data: { ticket, card }, mode, onMode }: Props) {
  const words = useWords()
  const names = useNames()
  const me = useMe()
  const [draft, update] = useDraft(me.id, ticket.id)
  const send = useSend(ticket.id)
  const menu = useCombobox()
  const typed = useTyping(ticket.id)
  const pictures = usePictures(ticket.id)
  const { data: replies = [] } = useQuery({
    queryKey: ['canned'],
    queryFn: async ({ signal }) => (await read('/canned-replies', CannedAnswer, signal)).replies,
    staleTime: 300_000,
  })
  const found = mode === 'reply' ? matchingReplies(replies, draft.text.slice(1)) : []

  const first = menu.dropdownOpened ? found[0]?.id : undefined
  const { selectFirstOption } = menu
  useEffect(() => {
    if (first !== undefined) selectFirstOption()
  }, [first, selectFirstOption])

  const text = draft.text.trim()
  const hasPictures = mode === 'reply' && pictures.ids.length > 0
  const maySend = (text !== '' || hasPictures) && !(mode === 'reply' && pictures.isBusy)

  function write(text: string): void {
    update((old) => ({ ...old, text }))
    const isCommand = mode === 'reply' && text.startsWith('/') && !text.includes('\n')
    if (isCommand) {
      menu.openDropdown()
    } else menu.closeDropdown()
    // A private note is no answer: the merchant sees who writes one.
    if (text !== '' && mode === 'reply') typed()
  }

  function takeFiles(event: SyntheticEvent, data: DataTransfer): void {
    const files = mode === 'reply' ? pictureFiles(data) : []
    if (files.length === 0) return
    event.preventDefault()
    pictures.add(files)
  }

  function submit(): void {
    if (!maySend) return
    const attachmentIds = mode === 'reply' ? draft.attachmentIds : []
    update((old) => ({ ...old, text: '', ...(mode === 'reply' && { attachmentIds: [] }) }))
    menu.closeDropdown()
    send({ kind: mode, text, attachmentIds, epoch: ticket.epoch })
  }

  function press(event: KeyboardEvent<HTMLTextAreaElement>): void {
    // Enter that picks a word of the input method is not ours; 229 is what older engines say of it.
    if (event.nativeEvent.isComposing || event.keyCode === 229) return
    const isMenuOpen = menu.dropdownOpened && found.length > 0
    if (event.key === 'Escape') {
      if (menu.dropdownOpened) menu.closeDropdown()
      else event.currentTarget.blur()
    } else if (isMenuOpen && event.key === 'ArrowDown') menu.selectNextOption()
    else if (isMenuOpen && event.key === 'ArrowUp') menu.selectPreviousOption()
    else if (isMenuOpen && event.key === 'Enter') {
      if (menu.getSelectedOptionIndex() < 0) menu.selectFirstOption()
      menu.clickSelectedOption()
    } else if (event.key === 'Enter' && !event.shiftKey) submit()
    else return
    event.preventDefault()
  }

  const filled = (text: string): string => fillReply(text, ticket, card.slots, names.slot)

  return (
    <>
      <Group justify="space-between" gap={8} mb={6}>
        <SegmentedControl
          size="xs"
          value={mode}
          onChange={(value) => {
            onMode(value === 'note' ? 'note' : 'reply')
          }}
          data={[
            { value: 'reply', label: words.composer.reply },
            { value: 'note', label: words.composer.note },
          ]}
        />
      </Group>
      {mode === 'reply' && <ChosenPictures pictures={pictures} />}
      <Group gap={8} align="flex-end" wrap="nowrap">
        {mode === 'reply' && <PictureButton pictures={pictures} />}
        <Combobox
          store={menu}
          position="top-start"
          middlewares={{ flip: false, shift: true }}
          onOptionSubmit={(id) => {
            const reply = replies.find((one) => one.id === id)
            if (reply === undefined) return
            menu.closeDropdown()
            update((old) => ({ ...old, text: filled(reply.text) }))
          }}
        >
          <Combobox.Target withKeyboardNavigation={false}>
            <Textarea
              id="composer-text"
              flex={1}
              autosize
              minRows={2}
              maxRows={8}
              maxLength={LONGEST}
              aria-label={mode === 'reply' ? words.composer.reply : words.composer.note}
              placeholder={mode === 'reply' ? words.composer.replyHint : words.composer.noteHint}
              variant={mode === 'note' ? 'filled' : 'default'}
              value={draft.text}
              dir="auto"
              onChange={(event) => {
                write(event.currentTarget.value)
              }}
              onKeyDown={press}
              onPaste={(event) => {
                takeFiles(event, event.clipboardData)
              }}
              onDrop={(event) => {
                takeFiles(event, event.dataTransfer)
              }}
              onBlur={() => {
                menu.closeDropdown()
              }}
            />
          </Combobox.Target>
          <Combobox.Dropdown aria-label={words.composer.canned}>
            <Combobox.Options mah={260} style={{ overflowY: 'auto' }}>
              {found.map((reply) => (
                <Combobox.Option key={reply.id} value={reply.id}>
                  <Text size="sm" fw={600}>
                    {reply.title}
                  </Text>
                  <Text size="xs" c="inherit" lineClamp={1}>
                    {filled(reply.text)}
                  </Text>
                </Combobox.Option>
              ))}
              {found.length === 0 && <Combobox.Empty>{words.composer.noCanned}</Combobox.Empty>}
            </Combobox.Options>
          </Combobox.Dropdown>
        </Combobox>
        <Button disabled={!maySend} onClick={submit}>
          {mode === 'reply' ? words.composer.send : words.composer.save}
        </Button>
      </Group>
    </>
  )
}
