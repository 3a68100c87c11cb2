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
  /** Line → its first place in `ids` and `counts`; one entry more than there are lines. */
  readonly starts: Int32Array
  readonly ids: Int32Array
  readonly counts: Uint8Array
}

/** Draws the features of every text, each once a line with how often it occurs. Pure. */
export function collectBags(texts: readonly string[], concepts: ConceptMatcher): Bags {
  const vocabulary = vocabularyBuilder()
  const groups = new Growing(Uint8Array)
  const starts = new Int32Array(texts.length + 1)
  const ids = new Growing(Int32Array)
  const counts = new Growing(Uint8Array)
  const placeOf = new Growing(Int32Array)
  texts.forEach((text, line) => {
    const first = ids.length
    eachFeature(withoutCourtesy(normalize(text)), concepts, (key, group) => {
      const id = vocabulary.idOf(key)
      if (id === groups.length) {
        groups.push(group)
        placeOf.push(-1)
      }
      const place = placeOf.at(id)
      if (place >= first) {
        counts.set(place, Math.min(counts.at(place) + 1, 255))
        return
      }
      placeOf.set(id, ids.length)
      ids.push(id)
      counts.push(1)
    })
    starts[line + 1] = ids.length
  })
  return {
    keys: vocabulary.keys(),
    groups: Uint8Array.from(groups.items()),
    starts,
    ids: Int32Array.from(ids.items()),
    counts: Uint8Array.from(counts.items()),
  }
}

/** A typed array that grows by half, since what it leaves behind stays in memory for a while. */
class Growing {
  length = 0
  #items: Int32Array | Uint8Array
  readonly #kind: Int32ArrayConstructor | Uint8ArrayConstructor

  constructor(kind: Int32ArrayConstructor | Uint8ArrayConstructor) {
    this.#kind = kind
    this.#items = new kind(1 << 12)
  }

  push(value: number): void {
    if (this.length === this.#items.length) {
      const more = new this.#kind(this.length + (this.length >> 1))
      more.set(this.#items)
      this.#items = more
    }
    this.#items[this.length] = value
    this.length += 1
  }

  at(place: number): number {
    return this.#items[place] ?? 0
  }

  set(place: number, value: number): void {
    this.#items[place] = value
  }

  items(): Int32Array | Uint8Array {
    return this.#items.subarray(0, this.length)
  }
}
