/** Whether anyone can see the panel: the page is in front and, in a frame, the panel is open. */
export type Presence = {
  isSeen(): boolean
  setOpen(isOpen: boolean): void
}

type Deps = {
  readonly onSeen: () => void
  /** Nobody has looked for a while: time to let the connection go. */
  readonly onAway: () => void
}

const AWAY_AFTER_MS = 5 * 60_000

export function createPresence({ onSeen, onAway }: Deps): Presence {
  let isOpen = true
  let timer: ReturnType<typeof setTimeout> | undefined
  const isSeen = () => isOpen && document.visibilityState === 'visible'

  function change(): void {
    clearTimeout(timer)
    if (isSeen()) onSeen()
    else timer = setTimeout(onAway, AWAY_AFTER_MS)
  }

  document.addEventListener('visibilitychange', change)
  return {
    isSeen,
    setOpen(open) {
      isOpen = open
      change()
    },
  }
}
