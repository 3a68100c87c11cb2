/** One fixed setting for every data set; each value was chosen by cross-validation on training parts only. */
export type Settings = {
  /** By group, in the order of `GROUPS`. */
  readonly groupWeights: readonly number[]
  readonly idfPower: number
  /**
   * Features of a single line are left out above this many training lines; pairs of a single line always, since they
   * are most of all features and tell nothing the others do not.
   */
  readonly rareAbove: number
  readonly cost: number
  readonly positiveCostPower: number
  readonly maxPasses: number
  readonly tolerance: number
  readonly unknownMass: number
}

export const SETTINGS: Settings = {
  groupWeights: [1, 1, 0.8, 0.6, 0.5],
  idfPower: 0.9,
  rareAbove: 3000,
  cost: 2,
  positiveCostPower: 0.25,
  maxPasses: 14,
  tolerance: 0.1,
  unknownMass: 7,
}
