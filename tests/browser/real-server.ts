import { afterEach } from 'vitest'
import { startServer, type RunningServer } from '../fixtures/running-server.ts'
import type { useStage } from './panel-page.ts'

/** Gives a start of the real edge with the built pages; whatever was started ends with its test. */
export function useRealServers(stage: ReturnType<typeof useStage>): () => Promise<RunningServer> {
  const running: RunningServer[] = []
  afterEach(async () => {
    for (const server of running.splice(0)) await server.close(0)
  })
  return async () => {
    const server = await startServer({ assetsDir: stage.assets })
    running.push(server)
    await server.ready
    return server
  }
}
