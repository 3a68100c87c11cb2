import { Alert, Skeleton, Stack } from '@mantine/core'
import { useState } from 'react'
import { Problem } from '../problem.tsx'
import { go } from '../route.ts'
import { useKeys } from '../use-keys.ts'
import { useMe } from '../use-me.ts'
import type { Attachment, Case } from '../wire.ts'
import { useWords } from '../words/words.ts'
import { ActionFailure } from './action-failure.tsx'
import { CaseDialogs, type DialogKind } from './case-dialogs.tsx'
import { CaseHeader } from './case-header.tsx'
import { Composer } from './composer.tsx'
import { HandoverCard } from './handover-card.tsx'
import { Lightbox } from './lightbox.tsx'
import { Outgoing } from './outgoing.tsx'
import { permissionsOf, whyNot } from './permissions.ts'
import { Transcript } from './transcript.tsx'
import { useAction } from './use-action.ts'
import { useCase } from './use-case.ts'

type Props = { readonly ticketId: string }

export function CasePane({ ticketId }: Props) {
  const query = useCase(ticketId)
  useKeys({
    Escape: () => {
      go('#/tickets')
    },
  })
  if (query.data !== undefined) return <OpenCase data={query.data} />
  if (query.isError)
    return (
      <div className="case">
        <Problem error={query.error} onRetry={() => void query.refetch()} />
      </div>
    )
  return (
    <div className="case" aria-busy="true">
      <Stack p="md">
        <Skeleton height={40} />
        <Skeleton height={180} />
        <Skeleton height={60} width="60%" />
        <Skeleton height={60} width="60%" />
      </Stack>
    </div>
  )
}

function OpenCase({ data }: { readonly data: Case }) {
  const words = useWords()
  const me = useMe()
  const { ticket } = data
  const [dialog, setDialog] = useState<DialogKind>()
  const [picture, setPicture] = useState<Attachment>()
  const [mode, setMode] = useState<'reply' | 'note'>('reply')
  const action = useAction(ticket.id)
  const may = permissionsOf(ticket, me)
  const why = whyNot(words, ticket, me)

  function write(next: 'reply' | 'note'): void {
    setMode(next)
    document.getElementById('composer-text')?.focus()
  }
  const claim = (): void => {
    action.mutate({ kind: 'claim', body: { version: ticket.version } })
  }
  useKeys({
    c: may.claim && !action.isPending ? claim : undefined,
    r: may.work
      ? () => {
          write('reply')
        }
      : undefined,
    n: may.work
      ? () => {
          write('note')
        }
      : undefined,
    e: may.work
      ? () => {
          setDialog('resolve')
        }
      : undefined,
  })

  return (
    <section className="case" aria-label={ticket.number}>
      <div>
        <CaseHeader
          ticket={ticket}
          quota={data.quota}
          may={may}
          isBusy={action.isPending}
          onClaim={claim}
          onDialog={setDialog}
        />
        <ActionFailure action={action} ticket={ticket} />
      </div>
      <div className="case-body">
        <div className="case-card">
          <HandoverCard data={data} onPicture={setPicture} />
        </div>
        <Transcript data={data} onPicture={setPicture} />
      </div>
      <div className="composer">
        <Outgoing ticketId={ticket.id} canSend={may.work} />
        {why === undefined ? (
          <Composer data={data} mode={mode} onMode={setMode} />
        ) : (
          <Alert color="gray" py={8}>
            {why}
          </Alert>
        )}
      </div>
      <Lightbox
        ticketId={ticket.id}
        picture={picture}
        onClose={() => {
          setPicture(undefined)
        }}
      />
      <CaseDialogs
        kind={dialog}
        data={data}
        onAct={(wanted) => {
          setDialog(undefined)
          action.mutate(wanted)
        }}
        onClose={() => {
          setDialog(undefined)
        }}
      />
    </section>
  )
}
