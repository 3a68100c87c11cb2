import type { QueryClient } from '@tanstack/react-query'
import { ApiError, change, read, setCsrfToken, whenExpired } from './api.ts'
import { Cell, useCell } from './cell.ts'
import { MeAnswer, Nothing, type Agent } from './wire.ts'

export type Session =
  | { readonly kind: 'starting' }
  | { readonly kind: 'away'; readonly error: unknown }
  | { readonly kind: 'out'; readonly isExpired: boolean }
  | { readonly kind: 'in'; readonly agent: Agent }

const session = new Cell<Session>({ kind: 'starting' })

whenExpired(() => {
  setCsrfToken('')
  session.set({ kind: 'out', isExpired: session.get().kind === 'in' })
})

export function useSession(): Session {
  return useCell(session)
}

/** Asks who is logged in. A refusal ends at the log-in, an absent server at the error page. */
export async function resumeSession(): Promise<void> {
  session.set({ kind: 'starting' })
  try {
    enter(await read('/me', MeAnswer))
  } catch (error) {
    if (error instanceof ApiError && error.status === 401) return
    session.set({ kind: 'away', error })
  }
}

export async function logIn(email: string, password: string, queries: QueryClient): Promise<void> {
  const me = await change('POST', '/login', { email, password }, MeAnswer)
  // Another person may sit here now: nothing that was read before is theirs.
  queries.clear()
  enter(me)
}

export async function logOut(queries: QueryClient): Promise<void> {
  await change('POST', '/logout', {}, Nothing)
  queries.clear()
  setCsrfToken('')
  session.set({ kind: 'out', isExpired: false })
}

function enter({ agent, csrfToken }: { readonly agent: Agent; readonly csrfToken: string }): void {
  setCsrfToken(csrfToken)
  session.set({ kind: 'in', agent })
}
