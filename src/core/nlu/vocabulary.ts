/** Feature keys, numbered in the order in which they were first met. Open addressing over typed arrays. */
export type Vocabulary = {
  /** Slot → id + 1; 0 is an empty slot. */
  readonly slots: Int32Array
  /** Id → key. */
  readonly keys: Int32Array
}

/** A vocabulary that still grows. */
export type VocabularyBuilder = {
  readonly idOf: (key: number) => number
  /** Id → key. */
  readonly keys: () => Int32Array
}

/** Starts an empty vocabulary. */
export function vocabularyBuilder(): VocabularyBuilder {
  let slots = new Int32Array(1 << 12)
  let keys = new Int32Array(1 << 11)
  let size = 0
  const grow = (): void => {
    const more = new Int32Array(keys.length * 2)
    more.set(keys)
    keys = more
    slots = slotsFor(keys.subarray(0, size), keys.length * 2)
  }
  return {
    idOf: (key) => {
      const slot = slotOf(slots, keys, key)
      const known = slots[slot] ?? 0
      if (known > 0) return known - 1
      if (size === keys.length) {
        grow()
        slots[slotOf(slots, keys, key)] = size + 1
      } else {
        slots[slot] = size + 1
      }
      keys[size] = key
      size += 1
      return size - 1
    },
    keys: () => keys.slice(0, size),
  }
}

/** Makes a vocabulary of distinct keys; a key's id is its place. Pure. */
export function vocabularyOf(keys: Int32Array): Vocabulary {
  let room = 16
  while (room < keys.length * 2) room *= 2
  return { keys, slots: slotsFor(keys, room) }
}

/** Finds the id of a key; -1 when it is not known. Pure. */
export function findId(vocabulary: Vocabulary, key: number): number {
  return (vocabulary.slots[slotOf(vocabulary.slots, vocabulary.keys, key)] ?? 0) - 1
}

function slotsFor(keys: Int32Array, room: number): Int32Array<ArrayBuffer> {
  const slots = new Int32Array(room)
  for (let id = 0; id < keys.length; id++) slots[slotOf(slots, keys, keys[id] ?? 0)] = id + 1
  return slots
}

function slotOf(slots: Int32Array, keys: Int32Array, key: number): number {
  const mask = slots.length - 1
  let slot = (Math.imul(key, 0x9e3779b1) >>> 7) & mask
  for (;;) {
    const id = (slots[slot] ?? 0) - 1
    if (id < 0 || keys[id] === key) return slot
    slot = (slot + 1) & mask
  }
}
