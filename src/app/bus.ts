import type { Bus, BusEvent, MerchantAddress } from './ports.ts'

/** Makes the in-process bus. A listener that throws does not keep the others from hearing. */
export function createBus(onError: (error: unknown) => void = () => {}): Bus {
  const watchers = new Map<string, Set<(event: BusEvent) => void>>()
  const all = new Set<(event: BusEvent) => void>()
  return {
    publish(event) {
      for (const listener of [...(watchers.get(keyOf(event.address)) ?? []), ...all]) {
        try {
          listener(event)
        } catch (error) {
          onError(error)
        }
      }
    },
    subscribeAll(listener) {
      const own = (event: BusEvent): void => listener(event)
      all.add(own)
      return () => void all.delete(own)
    },
    subscribe(address, listener) {
      const key = keyOf(address)
      const listeners = watchers.get(key) ?? new Set()
      // Wrapped, so that the same function may be subscribed twice and each subscription ends by itself.
      const own = (event: BusEvent): void => listener(event)
      listeners.add(own)
      watchers.set(key, listeners)
      return () => {
        listeners.delete(own)
        if (listeners.size === 0 && watchers.get(key) === listeners) watchers.delete(key)
      }
    },
  }
}

function keyOf(address: MerchantAddress): string {
  return `${address.channel}:${address.merchantKey}`
}
