import type { SavedView, TryCount } from '../../app/ports.ts'
import type { AgentId } from '../../core/ids.ts'
import { DurableDocument } from './durable-document.ts'
import type { DocumentAccess } from './durable-document.ts'
import { CorruptFileError } from './envelope.ts'
import type { StoreLayout } from './layout.ts'
import { SerialQueue } from './serial-queue.ts'
import { triesFileSchema, viewsFileSchema } from './staff-schema.ts'

type Views = { readonly agentId: AgentId; readonly views: readonly SavedView[] }

/** Wrong log-ins and agents' saved views: a small file each, rewritten whole. */
export class DeskFiles {
  readonly #tries: DurableDocument<readonly TryCount[]>
  readonly #views: DurableDocument<readonly Views[]>
  readonly #queue = new SerialQueue()

  constructor(access: DocumentAccess, layout: StoreLayout) {
    this.#tries = DurableDocument.of<readonly TryCount[]>(access, layout.tries, triesFileSchema, [])
    this.#views = DurableDocument.of<readonly Views[]>(access, layout.views, viewsFileSchema, [])
  }

  /** Reads the files. What is damaged is reported and begun anew. */
  async load(report: (message: string) => void): Promise<void> {
    for (const document of [this.#tries, this.#views]) {
      await document.load().catch((error: unknown) => {
        if (!(error instanceof CorruptFileError)) throw error
        report(`${error.message}; begun anew`)
      })
    }
  }

  changeTries<Result>(
    decide: (counts: readonly TryCount[]) => {
      readonly counts?: readonly TryCount[]
      readonly result: Result
    },
  ): Promise<Result> {
    return this.#queue.run('tries', async () => {
      const { counts, result } = decide(this.#tries.data)
      if (counts !== undefined) await this.#tries.save(counts)
      return result
    })
  }

  viewsOf(agent: AgentId): readonly SavedView[] {
    return this.#views.data.find(({ agentId }) => agentId === agent)?.views ?? []
  }

  changeViews(
    agent: AgentId,
    decide: (views: readonly SavedView[]) => readonly SavedView[],
  ): Promise<readonly SavedView[]> {
    return this.#queue.run('views', async () => {
      const views = decide(this.viewsOf(agent))
      const others = this.#views.data.filter(({ agentId }) => agentId !== agent)
      await this.#views.save(views.length === 0 ? others : [...others, { agentId: agent, views }])
      return views
    })
  }

  idle(): Promise<void> {
    return this.#queue.idle()
  }
}
