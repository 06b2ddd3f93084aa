/** A range of integers. */
export interface Range {
  readonly min: number;
  readonly max: number;
}

/** What a hidden layer in time did at one step, counted from the first, in an epoch. Shares are 0..1. */
export interface StepMetrics {
  /** share of values that are not 0: of snu cells, the rate of spikes */
  readonly active: number;
  /** share of derivatives that are not 0 */
  readonly open: number;
  /** over the probed samples: share of values (snu: membranes) and of open neurons' errors at an end of their range */
  readonly saturated: { readonly activation: number; readonly error: number };
}

/** What a layer did in an epoch. Shares are 0..1. */
export interface LayerMetrics {
  /** l, from 1 */
  readonly layer: number;
  /** share of values that saturated: weights at the end of the epoch, the others over all of its steps */
  readonly saturated: {
    readonly weight: number;
    /** of the last layer: logits */
    readonly activation: number;
    /** of active neurons */
    readonly error: number;
  };
  /** share of updates whose exact step is not 0 and that leave the stored weight as it is, over the probed steps */
  readonly swallowed: number;
  /** over the probed steps; null for the last layer */
  readonly strength: Range | null;
  /** GRAPES' factor, 128 being 1.0, over the probed steps; null for the last layer */
  readonly factor: Range | null;
  /** step by step, of a hidden layer in time */
  readonly steps?: readonly StepMetrics[];
}

/** Outcome of an epoch. Equal runs give equal metrics: there is no time in them. */
export interface EpochMetrics {
  /** from 0 */
  readonly epoch: number;
  /** learning-rate shift */
  readonly k: number;
  /** share of the epoch's samples predicted rightly, each before its update */
  readonly trainAccuracy: number;
  /** mean cross-entropy of the same predictions, in nats */
  readonly trainLoss: number;
  readonly testAccuracy: number;
  readonly testLoss: number;
  readonly layers: readonly LayerMetrics[];
}
