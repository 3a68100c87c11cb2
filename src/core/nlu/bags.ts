import type { ConceptMatcher } from './concepts.ts'
import { withoutCourtesy } from './courtesy.ts'
import { extractFeatures } from './features.ts'
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
  const groups: number[] = []
  const starts = new Int32Array(texts.length + 1)
  const ids = new Growing(Int32Array)
  const counts = new Growing(Uint8Array)
  const placeOf: number[] = []
  texts.forEach((text, line) => {
    const features = extractFeatures(withoutCourtesy(normalize(text)), concepts)
    const first = ids.length
    features.keys.forEach((key, i) => {
      const id = vocabulary.idOf(key)
      groups[id] = features.groups[i] ?? 0
      const place = placeOf[id] ?? -1
      if (place >= first) {
        counts.set(place, Math.min(counts.at(place) + 1, 255))
        return
      }
      placeOf[id] = ids.length
      ids.push(id)
      counts.push(1)
    })
    starts[line + 1] = ids.length
  })
  return {
    keys: vocabulary.build().keys,
    groups: Uint8Array.from(groups),
    starts,
    ids: Int32Array.from(ids.items()),
    counts: Uint8Array.from(counts.items()),
  }
}

/** A typed array that grows by doubling. */
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
      const more = new this.#kind(this.length * 2)
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
