/** The page that shows this panel in a frame. Nothing of the talk is told to it but how many lines are unread. */
export type HostWindow = {
  close(): void
  tellUnread(count: number): void
  onVisibility(listener: (isOpen: boolean) => void): void
}

type Message = { readonly posdesk: string }

function isMessage(value: unknown): value is Message {
  return (
    typeof value === 'object' && value !== null && 'posdesk' in value && typeof value.posdesk === 'string'
  )
}

/** `origin` is the host page's, told by the loader in the frame's address; a wrong one only makes us mute. */
export function createHostWindow(origin: string): HostWindow | undefined {
  const parent = window.parent
  if (parent === window || !/^https?:\/\//.test(origin)) return undefined
  return {
    close: () => parent.postMessage({ posdesk: 'close' }, origin),
    tellUnread: (count) => parent.postMessage({ posdesk: 'unread', count }, origin),
    onVisibility(listener) {
      window.addEventListener('message', (event: MessageEvent<unknown>) => {
        if (event.source !== parent || event.origin !== origin || !isMessage(event.data)) return
        if (event.data.posdesk === 'opened') listener(true)
        if (event.data.posdesk === 'closed') listener(false)
      })
    },
  }
}
