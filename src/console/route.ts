import { useSyncExternalStore } from 'react'

export type Route =
  | { readonly page: 'desk'; readonly ticketId: string | undefined }
  | { readonly page: 'stats' }
  | { readonly page: 'staff' }
  | { readonly page: 'audit' }

/** Reads the page out of the address behind `#`; what is not known is the desk. */
export function parseRoute(hash: string): Route {
  const [page = '', id = ''] = hash.replace(/^#\/?/, '').split('/')
  if (page === 'stats' || page === 'staff' || page === 'audit') return { page }
  return { page: 'desk', ticketId: page === 'tickets' && id !== '' ? decodeURIComponent(id) : undefined }
}

export function ticketHref(id: string): string {
  return `#/tickets/${encodeURIComponent(id)}`
}

export function go(hash: string): void {
  location.hash = hash
}

function subscribe(listener: () => void): () => void {
  addEventListener('hashchange', listener)
  return () => {
    removeEventListener('hashchange', listener)
  }
}

export function useRoute(): Route {
  return parseRoute(useSyncExternalStore(subscribe, () => location.hash))
}
