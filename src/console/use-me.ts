import { createContext, useContext } from 'react'
import type { Agent } from './wire.ts'

export const MeContext = createContext<Agent | undefined>(undefined)

/** Who is logged in. Only for views inside the shell, which are there only then. */
export function useMe(): Agent {
  const me = useContext(MeContext)
  if (me === undefined) throw new Error('useMe is used outside of the shell')
  return me
}
