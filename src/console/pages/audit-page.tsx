import { Anchor, Button, Center, Skeleton, Stack, Table, Text, Title } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { read } from '../api.ts'
import { Problem } from '../problem.tsx'
import { ticketHref } from '../route.ts'
import { useAgents } from '../use-agents.ts'
import { useMe } from '../use-me.ts'
import { AuditAnswer, type Agent, type AuditEntry } from '../wire.ts'
import { lookUp, useWords } from '../words/words.ts'

export function AuditPage() {
  const words = useWords()
  const isAllowed = useMe().role !== 'agent'
  const audit = useInfiniteQuery({
    queryKey: ['audit'],
    queryFn: ({ pageParam, signal }) =>
      read(`/audit${pageParam === '' ? '' : `?after=${encodeURIComponent(pageParam)}`}`, AuditAnswer, signal),
    initialPageParam: '',
    getNextPageParam: ({ next }) => next ?? undefined,
    enabled: isAllowed,
  })
  const entries = audit.data?.pages.flatMap((page) => page.entries)
  return (
    <div className="page">
      <Stack>
        <Title order={1} size="h3">
          {words.audit.heading}
        </Title>
        {!isAllowed && <Text c="dimmed">{words.audit.leadOnly}</Text>}
        {audit.isError && <Problem error={audit.error} onRetry={() => void audit.refetch()} />}
        {isAllowed && audit.isPending && <Skeleton height={240} />}
        {entries?.length === 0 && <Text c="dimmed">{words.audit.empty}</Text>}
        {entries !== undefined && entries.length > 0 && <Entries entries={entries} />}
        {audit.hasNextPage && (
          <Center>
            <Button
              variant="default"
              loading={audit.isFetchingNextPage}
              onClick={() => void audit.fetchNextPage()}
            >
              {words.queue.more}
            </Button>
          </Center>
        )}
      </Stack>
    </div>
  )
}

function Entries({ entries }: { readonly entries: readonly AuditEntry[] }) {
  const words = useWords()
  const agents = useAgents()
  return (
    <Table.ScrollContainer minWidth={620}>
      <Table striped>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{words.audit.time}</Table.Th>
            <Table.Th>{words.audit.who}</Table.Th>
            <Table.Th>{words.audit.action}</Table.Th>
            <Table.Th>{words.audit.ticket}</Table.Th>
            <Table.Th>{words.audit.detail}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {entries.map(({ at, agentId, name, action, ticketId, detail }, index) => (
            <Table.Tr key={index}>
              <Table.Td>
                <time dateTime={at}>{new Date(at).toLocaleString()}</time>
              </Table.Td>
              <Table.Td>
                <bdi>{name ?? agentId ?? words.audit.machine}</bdi>
              </Table.Td>
              <Table.Td>{lookUp(words.audit.actions, action) ?? action}</Table.Td>
              <Table.Td>
                {ticketId != null && (
                  <Anchor size="sm" href={ticketHref(ticketId)}>
                    {words.audit.open}
                  </Anchor>
                )}
              </Table.Td>
              <Table.Td className="wrap">
                <bdi>
                  {textOf(
                    detail,
                    agents.data ?? [],
                    action === 'look_at_picture' ? words.pictures.one : words.audit.conversation,
                  )}
                </bdi>
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  )
}

/** A detail for people: of an id, whose it is; of another thing, enough of it to tell two apart. */
function textOf(detail: unknown, agents: readonly Agent[], thing: string): string {
  if (typeof detail !== 'string') return ''
  if (!/^[a-z0-9]{26}$/u.test(detail)) return detail
  return agents.find(({ id }) => id === detail)?.name ?? `${thing} ${detail.slice(0, 8)}…`
}
