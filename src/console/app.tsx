import { Center, createTheme, Loader, MantineProvider, Modal } from '@mantine/core'
import { useEffect } from 'react'
import { LogInPage } from './log-in-page.tsx'
import { Problem } from './problem.tsx'
import { resumeSession, useSession } from './session.ts'
import { Shell } from './shell.tsx'
import { MeContext } from './use-me.ts'
import { useLanguage, useWords } from './words/words.ts'

const FONTS =
  'system-ui, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "Noto Sans SC", "Helvetica Neue", sans-serif'
const theme = createTheme({
  primaryColor: 'teal',
  primaryShade: { light: 8, dark: 7 },
  autoContrast: true,
  fontFamily: FONTS,
  headings: { fontFamily: FONTS },
  defaultRadius: 'md',
  cursorType: 'pointer',
  // The page itself never scrolls, and the lock would write a style element without our nonce.
  components: { Modal: Modal.extend({ defaultProps: { lockScroll: false } }) },
})

function styleNonce(): string {
  return document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? ''
}

export function App() {
  const words = useWords()
  const language = useLanguage()
  useEffect(() => {
    document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en'
    document.title = words.title
  }, [language, words])
  return (
    <MantineProvider theme={theme} defaultColorScheme="auto" getStyleNonce={styleNonce}>
      <Gate />
    </MantineProvider>
  )
}

function Gate() {
  const session = useSession()
  switch (session.kind) {
    case 'starting':
      return (
        <Center h="100dvh">
          <Loader />
        </Center>
      )
    case 'away':
      return (
        <Center h="100dvh">
          <Problem error={session.error} onRetry={() => void resumeSession()} />
        </Center>
      )
    case 'out':
      return <LogInPage isExpired={session.isExpired} />
    case 'in':
      return (
        <MeContext value={session.agent}>
          <Shell />
        </MeContext>
      )
  }
}
