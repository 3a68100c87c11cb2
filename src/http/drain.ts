import type { Server } from 'node:http'
import type { Socket } from 'node:net'

const LOOK_AGAIN_MS = 25

/**
 * Watches a server's connections so that it can be closed without cutting a request off. Call before it listens.
 *
 * The returned function stops listening and resolves when the last connection is gone: silent ones are closed at
 * once, working ones when their answer is out, all of them after `graceMs`.
 */
export function prepareDrain(server: Server): (graceMs: number) => Promise<void> {
  const sockets = new Set<Socket>()
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  return async (graceMs) => {
    const closed = new Promise<void>((resolve) => server.close(() => resolve()))
    // Browsers open connections ahead of need; node counts them neither as idle nor as working.
    for (const socket of sockets) if (socket.bytesRead === 0) socket.destroy()
    // A kept-alive connection turns idle whenever its answer is out, which node does not tell.
    const sweeper = setInterval(() => server.closeIdleConnections(), LOOK_AGAIN_MS)
    const cutter = setTimeout(() => server.closeAllConnections(), graceMs)
    await closed
    clearInterval(sweeper)
    clearTimeout(cutter)
  }
}
