import { isIPv6 } from 'node:net'
import type { Request } from 'express'

/**
 * The network a request came from, as limits count it: the IPv4 address, or the first 64 bits of an IPv6 one.
 * `X-Forwarded-For` counts only as far as express was told to trust proxies.
 */
export function networkOf(request: Request): string {
  return networkOfAddress(request.ip ?? request.socket.remoteAddress ?? '')
}

/** The network of an address. Pure. */
export function networkOfAddress(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1]
  if (mapped) return mapped
  if (!isIPv6(address)) return address
  const [head = '', tail] = (address.split('%')[0] ?? '').split('::')
  const left = head === '' ? [] : head.split(':')
  const right = tail === undefined || tail === '' ? [] : tail.split(':')
  const missing = tail === undefined ? 0 : Math.max(0, 8 - left.length - right.length)
  const groups = [...left, ...Array.from({ length: missing }, () => '0'), ...right]
  return `${groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')}::/64`
}

/** Says whether a request comes from this very machine and not through a proxy on it. */
export function isLoopback(request: Request): boolean {
  const address = request.ip ?? ''
  const isLocalAddress = /^(::1|(::ffff:)?127\.\d+\.\d+\.\d+)$/i.test(address)
  const host = hostnameOf(request.headers.host)
  // A foreign Host on a loopback connection is a browser tricked by DNS, or a proxy.
  const isLocalHost = host === 'localhost' || host === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(host)
  const isProxied =
    request.headers['x-forwarded-for'] !== undefined || request.headers['forwarded'] !== undefined
  return isLocalAddress && isLocalHost && !isProxied
}

function hostnameOf(host: string | undefined): string {
  return (host ?? '').replace(/:\d+$/, '').toLowerCase()
}
