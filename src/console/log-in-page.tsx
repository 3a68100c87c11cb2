import {
  Alert,
  Anchor,
  Button,
  Center,
  Group,
  Paper,
  PasswordInput,
  Stack,
  Text,
  TextInput,
  Title,
} from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useState, type FormEvent } from 'react'
import { ApiError } from './api.ts'
import { logIn } from './session.ts'
import type { Dictionary } from './words/dictionary-zh.ts'
import { errorText } from './words/error-text.ts'
import { setLanguage, useLanguage, useWords } from './words/words.ts'

type Props = { readonly isExpired: boolean }

export function LogInPage({ isExpired }: Props) {
  const words = useWords()
  const language = useLanguage()
  const queries = useQueryClient()
  const [email, setEmail] = useState('')
  const [password, setPassword] = useState('')
  const [failure, setFailure] = useState<unknown>()
  const [isBusy, setBusy] = useState(false)

  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault()
    if (isBusy) return
    setBusy(true)
    setFailure(undefined)
    try {
      await logIn(email.trim(), password, queries)
    } catch (error) {
      setFailure(error)
      setBusy(false)
    }
  }

  return (
    <Center mih="100dvh" p="md">
      <Paper component="main" withBorder radius="md" p="xl" w={380} maw="100%">
        <form onSubmit={(event) => void submit(event)}>
          <Stack>
            <Group justify="space-between" align="baseline" wrap="nowrap">
              <Title order={1} size="h3">
                {words.logIn.heading}
              </Title>
              <Anchor
                component="button"
                type="button"
                size="sm"
                onClick={() => {
                  setLanguage(language === 'zh' ? 'en' : 'zh')
                }}
              >
                {words.menu.language}
              </Anchor>
            </Group>
            {isExpired && failure === undefined && <Alert color="yellow">{words.logIn.expired}</Alert>}
            {failure !== undefined && (
              <Alert color="red" role="alert">
                {failureText(words, failure)}
              </Alert>
            )}
            <TextInput
              label={words.logIn.email}
              type="email"
              autoComplete="username"
              autoFocus
              required
              withAsterisk={false}
              value={email}
              onChange={(event) => {
                setEmail(event.currentTarget.value)
              }}
            />
            <PasswordInput
              label={words.logIn.password}
              autoComplete="current-password"
              required
              withAsterisk={false}
              value={password}
              onChange={(event) => {
                setPassword(event.currentTarget.value)
              }}
            />
            <Button type="submit" loading={isBusy}>
              {words.logIn.submit}
            </Button>
            <Text size="xs" c="dimmed">
              {words.logIn.forgotten}
            </Text>
          </Stack>
        </form>
      </Paper>
    </Center>
  )
}

function failureText(words: Dictionary, failure: unknown): string {
  if (failure instanceof ApiError && (failure.status === 401 || failure.status === 400))
    return words.logIn.wrong
  if (failure instanceof ApiError && failure.status === 429)
    return words.logIn.tooMany(failure.retryAfterSeconds ?? 60)
  return errorText(words, failure)
}
