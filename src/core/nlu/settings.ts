type LeastLines = { readonly feature: number; readonly pair: number }

/** One fixed setting for every data set; each value was chosen by cross-validation on training parts only. */
export type Settings = {
  /** By group, in the order of `GROUPS`. */
  readonly groupWeights: readonly number[]
  readonly idfPower: number
  /**
   * Lines that must hold a feature, and a pair, up to `manyLines` training lines and above. Pairs are most of all
   * features: one that few lines hold tells nothing the others do not, and makes the model large and slow.
   */
  readonly manyLines: number
  readonly leastLines: { readonly few: LeastLines; readonly many: LeastLines }
  readonly cost: number
  readonly positiveCostPower: number
  readonly maxPasses: number
  readonly tolerance: number
  readonly unknownMass: number
}

export const SETTINGS: Settings = {
  groupWeights: [1, 1, 0.8, 0.6, 0.5],
  idfPower: 0.9,
  manyLines: 3000,
  leastLines: { few: { feature: 1, pair: 2 }, many: { feature: 2, pair: 8 } },
  cost: 2,
  positiveCostPower: 0.25,
  maxPasses: 14,
  tolerance: 0.1,
  unknownMass: 7,
}
