/** The page that shows this panel in a frame. Nothing of the talk is told to it but how many lines are unread. */
export type HostWindow = {
  close(): void
  tellUnread(count: number): void
  onVisibility(listener: (isOpen: boolean) => void): void
  /** The host page says by a token of its own server who its merchant is. */
  onIdentity(listener: (identityToken: string) => void): void
}

type Message = { readonly posdesk: string; readonly token?: unknown }

function isMessage(value: unknown): value is Message {
  return (
    typeof value === 'object' && value !== null && 'posdesk' in value && typeof value.posdesk === 'string'
  )
}

/** `origin` is the host page's, told by the loader in the frame's address; a wrong one only makes us mute. */
export function createHostWindow(origin: string): HostWindow | undefined {
  const parent = window.parent
  if (parent === window || !/^https?:\/\//.test(origin)) return undefined
  const listen = (listener: (message: Message) => void): void => {
    window.addEventListener('message', (event: MessageEvent<unknown>) => {
      if (event.source === parent && event.origin === origin && isMessage(event.data)) listener(event.data)
    })
  }
  return {
    close: () => parent.postMessage({ posdesk: 'close' }, origin),
    tellUnread: (count) => parent.postMessage({ posdesk: 'unread', count }, origin),
    onVisibility(listener) {
      listen((message) => {
        if (message.posdesk === 'opened') listener(true)
        if (message.posdesk === 'closed') listener(false)
      })
    },
    onIdentity(listener) {
      listen((message) => {
        if (message.posdesk === 'identify' && typeof message.token === 'string') listener(message.token)
      })
    },
  }
}
