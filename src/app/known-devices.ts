import { createHmac, timingSafeEqual } from 'node:crypto'
import type { AgentId } from '../core/ids.ts'

const DEVICE = /^([a-z0-9]{26})\.([0-9a-f]{32})\.[A-Za-z0-9_-]{43}$/

/** Makes the mark that a browser keeps after its owner has logged in once. Pure. */
export function sealDevice(secret: string, agentId: AgentId, nonce: string): string {
  const body = `${agentId}.${nonce}`
  return `${body}.${createHmac('sha256', secret).update(`staff-device:${body}`).digest('base64url')}`
}

/** The device's own name when the mark was made here for this member of staff, else `undefined`. Pure. */
export function openDevice(secret: string, agentId: AgentId, mark: string): string | undefined {
  const [, owner, nonce] = DEVICE.exec(mark) ?? []
  if (!nonce || owner !== agentId) return undefined
  const isGenuine = timingSafeEqual(Buffer.from(mark), Buffer.from(sealDevice(secret, agentId, nonce)))
  return isGenuine ? nonce : undefined
}
