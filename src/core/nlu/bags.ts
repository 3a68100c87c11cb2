import type { ConceptMatcher } from './concepts.ts'
import { withoutCourtesy } from './courtesy.ts'
import { eachFeature } from './features.ts'
import { normalize } from './normalize.ts'
import { vocabularyBuilder } from './vocabulary.ts'

/** The features of all training lines, numbered once for every model that is trained on a part of them. */
export type Bags = {
  /** Feature id → key and group. */
  readonly keys: Int32Array
  readonly groups: Uint8Array
  /** Line → its first place in `ids` and `counts`, which may be longer; one entry more than there are lines. */
  readonly starts: Int32Array
  readonly ids: Int32Array
  readonly counts: Uint8Array
}

/** Draws the features of every text, each once a line with how often it occurs. Pure. */
export function collectBags(texts: readonly string[], concepts: ConceptMatcher): Bags {
  const vocabulary = vocabularyBuilder()
  const groups = new Growing((size) => new Uint8Array(size))
  const starts = new Int32Array(texts.length + 1)
  const ids = new Growing((size) => new Int32Array(size))
  const counts = new Growing((size) => new Uint8Array(size))
  const placeOf = new Growing((size) => new Int32Array(size))
  texts.forEach((text, line) => {
    const first = ids.length
    eachFeature(withoutCourtesy(normalize(text)), concepts, (key, group) => {
      const id = vocabulary.idOf(key)
      if (id === groups.length) {
        groups.push(group)
        placeOf.push(-1)
      }
      const place = placeOf.items[id] ?? -1
      if (place >= first) {
        counts.items[place] = Math.min((counts.items[place] ?? 0) + 1, 255)
        return
      }
      placeOf.items[id] = ids.length
      ids.push(id)
      counts.push(1)
    })
    starts[line + 1] = ids.length
  })
  return { keys: vocabulary.keys(), groups: groups.items, starts, ids: ids.items, counts: counts.items }
}

/** A typed array that grows far ahead: what is never written takes no memory, what is left behind does for a while. */
class Growing<Items extends Int32Array | Uint8Array> {
  items: Items
  length = 0
  readonly #ofSize: (size: number) => Items

  constructor(ofSize: (size: number) => Items) {
    this.#ofSize = ofSize
    this.items = ofSize(1 << 21)
  }

  push(value: number): void {
    if (this.length === this.items.length) {
      const more = this.#ofSize(this.length * 4)
      more.set(this.items)
      this.items = more
    }
    this.items[this.length] = value
    this.length += 1
  }
}
