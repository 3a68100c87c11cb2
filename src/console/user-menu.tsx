import { Button, Menu, SegmentedControl, useMantineColorScheme } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { logOut } from './session.ts'
import { useMe } from './use-me.ts'
import { setLanguage, useLanguage, useWords } from './words/words.ts'

type Props = { readonly onHelp: () => void }

export function UserMenu({ onHelp }: Props) {
  const words = useWords()
  const language = useLanguage()
  const me = useMe()
  const queries = useQueryClient()
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  const leave = useMutation({ mutationFn: () => logOut(queries) })
  return (
    <Menu position="bottom-end" width={240}>
      <Menu.Target>
        <Button variant="default" size="sm" px="sm" maw={150} aria-label={`${words.menu.open}: ${me.name}`}>
          <bdi>{me.name}</bdi>
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{words.roles[me.role]}</Menu.Label>
        <SegmentedControl
          fullWidth
          size="xs"
          aria-label={words.menu.system}
          value={colorScheme}
          onChange={(value) => {
            if (value === 'light' || value === 'dark' || value === 'auto') setColorScheme(value)
          }}
          data={[
            { value: 'auto', label: words.menu.system },
            { value: 'light', label: words.menu.light },
            { value: 'dark', label: words.menu.dark },
          ]}
        />
        <Menu.Item
          onClick={() => {
            setLanguage(language === 'zh' ? 'en' : 'zh')
          }}
        >
          {words.menu.language}
        </Menu.Item>
        <Menu.Item onClick={onHelp}>{words.menu.help}</Menu.Item>
        <Menu.Divider />
        <Menu.Item
          color="red"
          onClick={() => {
            leave.mutate()
          }}
        >
          {words.menu.logOut}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
