/**
 * Counts small whole numbers without leaving garbage: one table serves every message, since nothing here waits.
 * Each number is met once in `numbers`, in the order of its first coming, with how often it came in `counts`.
 */
export class Tally {
  numbers: number[] = []
  counts: number[] = []
  /** Slot → place in `numbers` + 1; 0 is empty. At most half full. */
  #slots = new Int32Array(1 << 10)

  /** Forgets what was counted before. */
  begin(): void {
    this.#slots.fill(0)
    this.numbers = []
    this.counts = []
  }

  add(number: number): void {
    const slot = this.#slotOf(number)
    const place = (this.#slots[slot] ?? 0) - 1
    if (place >= 0) {
      this.counts[place] = (this.counts[place] ?? 0) + 1
      return
    }
    this.numbers.push(number)
    this.counts.push(1)
    this.#slots[slot] = this.numbers.length
    if (this.numbers.length * 2 > this.#slots.length) this.#grow()
  }

  #grow(): void {
    this.#slots = new Int32Array(this.#slots.length * 2)
    this.numbers.forEach((number, place) => (this.#slots[this.#slotOf(number)] = place + 1))
  }

  #slotOf(number: number): number {
    const mask = this.#slots.length - 1
    let slot = number & mask
    for (;;) {
      const place = (this.#slots[slot] ?? 0) - 1
      if (place < 0 || this.numbers[place] === number) return slot
      slot = (slot + 1) & mask
    }
  }
}
