import { Box, Group, Tabs, Text } from '@mantine/core'
import { useEffect, useState } from 'react'
import { watchActivity } from './activity.ts'
import { read } from './api.ts'
import { HelpDialog } from './help-dialog.tsx'
import { Desk } from './desk.tsx'
import { LiveNotice } from './live/live-notice.tsx'
import { useLive } from './live/use-live.ts'
import { AuditPage } from './pages/audit-page.tsx'
import { StaffPage } from './pages/staff-page.tsx'
import { StatsPage } from './pages/stats-page.tsx'
import { go, useRoute, type Route } from './route.ts'
import { useKeys } from './use-keys.ts'
import { useMe } from './use-me.ts'
import { UserMenu } from './user-menu.tsx'
import { MeAnswer } from './wire.ts'
import { useWords } from './words/words.ts'

export function Shell() {
  const words = useWords()
  const me = useMe()
  const route = useRoute()
  const [isHelpOpen, setHelpOpen] = useState(false)
  useLive()
  useEffect(() => watchActivity(() => void read('/me', MeAnswer).catch(() => undefined)), [])
  useKeys({
    '?': () => {
      setHelpOpen(true)
    },
  })
  return (
    <div className="shell">
      <Box component="header" className="shell-header">
        <Group justify="space-between" wrap="nowrap" gap="xs">
          <Text fw={700} visibleFrom="sm">
            {words.title}
          </Text>
          <Tabs
            variant="pills"
            value={route.page}
            onChange={(page) => {
              go(`#/${page === null || page === 'desk' ? 'tickets' : page}`)
            }}
          >
            <Tabs.List aria-label={words.menu.open} style={{ flexWrap: 'nowrap' }}>
              <Tabs.Tab value="desk">{words.nav.desk}</Tabs.Tab>
              <Tabs.Tab value="stats">{words.nav.stats}</Tabs.Tab>
              {me.role === 'admin' && <Tabs.Tab value="staff">{words.nav.staff}</Tabs.Tab>}
              {me.role !== 'agent' && <Tabs.Tab value="audit">{words.nav.audit}</Tabs.Tab>}
            </Tabs.List>
          </Tabs>
          <UserMenu
            onHelp={() => {
              setHelpOpen(true)
            }}
          />
        </Group>
      </Box>
      <LiveNotice />
      <main className="shell-body">
        <Page route={route} />
      </main>
      <HelpDialog
        isOpen={isHelpOpen}
        onClose={() => {
          setHelpOpen(false)
        }}
      />
    </div>
  )
}

function Page({ route }: { readonly route: Route }) {
  switch (route.page) {
    case 'desk':
      return <Desk ticketId={route.ticketId} />
    case 'stats':
      return <StatsPage />
    case 'staff':
      return <StaffPage />
    case 'audit':
      return <AuditPage />
  }
}
