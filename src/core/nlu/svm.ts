/** Rows of a sparse matrix, one after the other. */
export type SparseRows = {
  /** Row → its first place in `columns` and `values`; one entry more than there are rows. */
  readonly starts: Int32Array
  readonly columns: Int32Array
  readonly values: Float32Array
  readonly columnCount: number
}

export type SvmSettings = {
  readonly cost: number
  readonly positiveCost: number
  readonly maxPasses: number
  readonly tolerance: number
}

/** Arrays that the planes over one set of rows share, so that a hundred classes do not leave a hundred sets behind. */
export type SvmWorkspace = {
  /** The plane; the bias is its last entry. */
  readonly weights: Float32Array
  readonly alpha: Float64Array
  readonly sign: Int8Array
  readonly diagonal: Float64Array
  /** Row → its squared length, the bias feature included. */
  readonly squares: Float64Array
  readonly active: Int32Array
}

/** Makes the arrays that `fitPlane` works in. */
export function svmWorkspace(rows: SparseRows): SvmWorkspace {
  const count = rows.starts.length - 1
  const workspace = {
    weights: new Float32Array(rows.columnCount + 1),
    alpha: new Float64Array(count),
    sign: new Int8Array(count),
    diagonal: new Float64Array(count),
    squares: new Float64Array(count),
    active: new Int32Array(count),
  }
  for (let row = 0; row < count; row++) {
    let square = 1
    for (let at = rows.starts[row] ?? 0; at < (rows.starts[row + 1] ?? 0); at++)
      square += (rows.values[at] ?? 0) ** 2
    workspace.squares[row] = square
  }
  return workspace
}

/** A row that lies this far beyond its margin is left out until the rest is settled; it halves the time. */
const FAR = 0.3

/**
 * Fits a linear L2-loss support vector machine by dual coordinate descent with shrinking
 * (Hsieh et al., ICML 2008). The bias is one more feature of value 1.
 *
 * Starts from the workspace's `alpha` (zeros, or what a fit on nearly the same rows left) and leaves the solution
 * there and the plane in `weights`, until the next call. Deterministic: rows are visited in an order drawn from a
 * fixed seed.
 */
export function fitPlane(
  rows: SparseRows,
  isPositive: (row: number) => boolean,
  settings: SvmSettings,
  workspace: SvmWorkspace,
): void {
  const { starts, columns, values, columnCount } = rows
  const { weights, alpha, sign, diagonal, squares, active } = workspace
  const count = starts.length - 1
  weights.fill(0)
  let activeCount = count
  for (let row = 0; row < count; row++) {
    active[row] = row
    const positive = isPositive(row)
    sign[row] = positive ? 1 : -1
    diagonal[row] = 0.5 / (positive ? settings.positiveCost : settings.cost)
    const share = (alpha[row] ?? 0) * (positive ? 1 : -1)
    if (share !== 0) addRow(rows, row, share, weights)
  }
  const random = randomSource(0x2545f491)
  let highestBefore = Infinity
  for (let pass = 0; pass < settings.maxPasses; pass++) {
    let highest = -Infinity
    let lowest = Infinity
    for (let i = 0; i < activeCount; i++) swap(active, i, i + (random() % (activeCount - i)))
    for (let s = 0; s < activeCount; s++) {
      const row = active[s] ?? 0
      const y = sign[row] ?? 0
      const from = starts[row] ?? 0
      const to = starts[row + 1] ?? 0
      let score = weights[columnCount] ?? 0
      for (let at = from; at < to; at++) score += (weights[columns[at] ?? 0] ?? 0) * (values[at] ?? 0)
      const old = alpha[row] ?? 0
      const gradient = y * score - 1 + old * (diagonal[row] ?? 0)
      let projected = gradient
      if (old === 0) {
        if (gradient > Math.min(highestBefore, FAR)) {
          activeCount -= 1
          swap(active, s, activeCount)
          s -= 1
          continue
        }
        if (gradient > 0) projected = 0
      }
      if (projected > highest) highest = projected
      if (projected < lowest) lowest = projected
      if (projected > 1e-12 || projected < -1e-12) {
        const fresh = Math.max(old - gradient / ((squares[row] ?? 1) + (diagonal[row] ?? 0)), 0)
        alpha[row] = fresh
        addRow(rows, row, (fresh - old) * y, weights)
      }
    }
    if (highest - lowest <= settings.tolerance) {
      if (activeCount === count) break
      activeCount = count
      highestBefore = Infinity
    } else {
      highestBefore = highest <= 0 ? Infinity : highest
    }
  }
}

function addRow(rows: SparseRows, row: number, share: number, weights: Float32Array): void {
  const { starts, columns, values, columnCount } = rows
  for (let at = starts[row] ?? 0; at < (starts[row + 1] ?? 0); at++) {
    const column = columns[at] ?? 0
    weights[column] = (weights[column] ?? 0) + share * (values[at] ?? 0)
  }
  weights[columnCount] = (weights[columnCount] ?? 0) + share
}

function swap(items: Int32Array, a: number, b: number): void {
  const kept = items[a] ?? 0
  items[a] = items[b] ?? 0
  items[b] = kept
}

/** Marsaglia's xorshift32: the same numbers on every machine. */
function randomSource(seed: number): () => number {
  let state = seed
  return () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return state >>> 0
  }
}
