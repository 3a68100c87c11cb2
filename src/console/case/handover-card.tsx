import { Alert, Badge, Group, List, Stack, Text, Title } from '@mantine/core'
import { Fragment } from 'react'
import type { Attachment, Case } from '../wire.ts'
import { useNames } from '../words/use-vocabulary.ts'
import { useWords } from '../words/words.ts'
import { CardSection } from './card-section.tsx'
import { HistorySection } from './history-section.tsx'
import { PathList } from './path-list.tsx'
import { Pictures } from './pictures.tsx'
import { SlotList } from './slot-list.tsx'

const MOOD_COLORS = { calm: 'gray', annoyed: 'yellow', angry: 'red' } as const

type Props = { readonly data: Case; readonly onPicture: (picture: Attachment) => void }

/** Everything the bot has learnt, most urgent first, so that nobody asks it again. */
export function HandoverCard({ data: { card, ticket, additions, transcript }, onPicture }: Props) {
  const words = useWords()
  const names = useNames()
  const pictures = transcript.flatMap(({ author, attachments = [] }) =>
    author === 'merchant' ? attachments : [],
  )
  return (
    <Stack gap="md">
      <Group gap={6}>
        <Title order={3} size="h5">
          {words.card.heading}
        </Title>
        <Badge color={MOOD_COLORS[card.mood]} variant="light" tt="none">
          {words.mood[card.mood]}
        </Badge>
        <Badge color="gray" variant="light" tt="none">
          {names.channel(ticket.channel)}
        </Badge>
      </Group>
      {card.moneyAtRisk && <Alert color="red" variant="light" py={8} fw={600} title={words.card.money} />}
      <Text size="sm">
        <b>{ticket.priority}</b> · {names.reason(ticket.reason)}
        {![names.reason(ticket.reason), ''].includes(names.reason(card.priorityReason)) &&
          ` · ${names.reason(card.priorityReason)}`}
      </Text>
      {card.responseCode && (
        <CardSection heading={words.card.code}>
          <Text size="sm" className="wrap">
            <b>{card.responseCode.code}</b> {card.responseCode.meaning}
          </Text>
        </CardSection>
      )}
      <CardSection heading={words.card.facts}>
        <SlotList slots={card.slots} />
      </CardSection>
      {pictures.length > 0 && (
        <CardSection heading={words.pictures.heading}>
          <Pictures pictures={pictures} by={words.transcript.merchant} onOpen={onPicture} />
        </CardSection>
      )}
      {additions.length > 0 && (
        <CardSection heading={words.card.additions}>
          <List size="sm">
            {additions.map((text, index) => (
              <List.Item key={index} className="wrap">
                <bdi>{text}</bdi>
              </List.Item>
            ))}
          </List>
        </CardSection>
      )}
      <CardSection heading={words.card.path}>
        <PathList path={card.path} flow={card.flow} />
      </CardSection>
      {card.nextUntriedStep !== undefined && (
        <CardSection heading={words.card.next}>
          <Text size="sm" fw={600}>
            {names.action(card.nextUntriedStep, card.flow)}
          </Text>
        </CardSection>
      )}
      {card.triedSteps.length > 0 && (
        <CardSection heading={words.card.tried}>
          <List size="sm">
            {card.triedSteps.map((step) => (
              <List.Item key={step}>{names.action(step, card.flow)}</List.Item>
            ))}
          </List>
        </CardSection>
      )}
      <CardSection heading={words.card.merchant}>
        <Text size="sm" className="wrap">
          {card.merchant.name !== undefined && (
            <Fragment>
              <bdi>{card.merchant.name}</bdi> ·{' '}
            </Fragment>
          )}
          {words.card.talks(card.merchant.conversations)}
        </Text>
      </CardSection>
      <HistorySection conversationId={ticket.conversationId} ticketId={ticket.id} />
      {ticket.fix != null && (
        <CardSection heading={words.card.fix}>
          <Text size="sm">{names.action(ticket.fix, card.flow)}</Text>
        </CardSection>
      )}
      {ticket.rating != null && (
        <CardSection heading={words.card.rating}>
          <Text size="sm" className="wrap">
            {ticket.rating.score} / 5 <bdi>{ticket.rating.comment}</bdi>
          </Text>
        </CardSection>
      )}
    </Stack>
  )
}
