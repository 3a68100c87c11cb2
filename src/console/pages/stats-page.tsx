import { Card, Group, Progress, SimpleGrid, Skeleton, Stack, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { read } from '../api.ts'
import { usePollMs } from '../live/use-live.ts'
import { Problem } from '../problem.tsx'
import { StatsAnswer, type Stats } from '../wire.ts'
import { useNames } from '../words/use-vocabulary.ts'
import { useWords } from '../words/words.ts'
import { Figure } from './figure.tsx'

export function StatsPage() {
  const words = useWords()
  const stats = useQuery({
    queryKey: ['stats'],
    queryFn: ({ signal }) => read('/stats', StatsAnswer, signal),
    refetchInterval: usePollMs(),
  })
  return (
    <div className="page">
      <Stack>
        <Title order={1} size="h3">
          {words.stats.heading}
        </Title>
        {stats.isError && <Problem error={stats.error} onRetry={() => void stats.refetch()} />}
        {stats.isPending && <Skeleton height={220} />}
        {stats.data && <Figures stats={stats.data} />}
      </Stack>
    </div>
  )
}

function Figures({ stats }: { readonly stats: Stats }) {
  const words = useWords()
  const names = useNames()
  const { firstAnswer, rating, resolved } = stats
  const reasons = Object.entries(stats.escalated).sort(([, one], [, other]) => other - one)
  return (
    <>
      <SimpleGrid cols={{ base: 1, xs: 2, md: 4 }}>
        <Figure label={words.stats.unresolved} value={String(stats.unresolved)} />
        <Figure
          label={words.stats.firstAnswer}
          value={
            firstAnswer.medianMinutes === null ? '—' : words.stats.minutes(round(firstAnswer.medianMinutes))
          }
          hint={
            firstAnswer.medianMinutes === null ? words.stats.none : words.stats.ofTickets(firstAnswer.count)
          }
        />
        <Figure
          label={words.stats.resolved}
          value={String(resolved.bot + resolved.staff)}
          hint={`${words.stats.byBot} ${String(resolved.bot)} · ${words.stats.byStaff} ${String(resolved.staff)}`}
        />
        <Figure
          label={words.stats.rating}
          value={rating.average === null ? '—' : `${rating.average.toFixed(1)} / 5`}
          hint={rating.average === null ? words.stats.none : words.stats.ofRatings(rating.count)}
        />
      </SimpleGrid>
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <Bars heading={words.stats.open} rows={Object.entries(stats.open)} />
        <Bars
          heading={words.stats.escalated}
          rows={reasons.map(([reason, count]) => [names.reason(reason), count] as const)}
        />
      </SimpleGrid>
    </>
  )
}

type BarsProps = { readonly heading: string; readonly rows: readonly (readonly [string, number])[] }

function Bars({ heading, rows }: BarsProps) {
  const words = useWords()
  const most = Math.max(1, ...rows.map(([, count]) => count))
  return (
    <Card withBorder component="section" aria-label={heading}>
      <Stack gap="sm">
        <Title order={2} size="h6">
          {heading}
        </Title>
        {rows.length === 0 && <Text c="dimmed">{words.stats.none}</Text>}
        {rows.map(([label, count]) => (
          <div key={label}>
            <Group justify="space-between" mb={4}>
              <Text size="sm">{label}</Text>
              <Text size="sm" fw={600}>
                {count}
              </Text>
            </Group>
            <Progress value={(count / most) * 100} aria-label={label} />
          </div>
        ))}
      </Stack>
    </Card>
  )
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}
