/** Every named value of one training step, as used in it: layer l at [l-1]; step after step in networks in time. */
export interface StepValues {
  /** x_1 .. x_(L-1) */
  readonly activation: readonly Int16Array[];
  /** s_1 .. s_(L-1) of snu cells; empty for all others */
  readonly membrane: readonly Int16Array[];
  /** 1 where the derivative of layers 1 .. L-1 is not 0, in networks in time; empty for dense ones */
  readonly open: readonly Uint8Array[];
  readonly logit: Int16Array;
  readonly probability: Int32Array;
  /** delta_1 .. delta_L, the ones that update the layers */
  readonly error: readonly Int16Array[];
  /** u_1 .. u_(L-1) of networks in time; empty for dense ones */
  readonly uerror: readonly Int16Array[];
  /** what the way back carries on from layers 1 .. L: delta, but u in mode `local` and in networks in time */
  readonly carried: readonly Int16Array[];
  /** S_1 .. S_(L-1) */
  readonly strength: readonly (Int32Array | Float64Array)[];
  /** f_1 .. f_(L-1) */
  readonly factor: readonly Int32Array[];
}

/** How much of a step to record: its digest; also its values; also every weight written. */
export type TraceLevel = 'digest' | 'values' | 'writes';

export interface StepTrace {
  /** checksum of all weight writes, 32 bits unsigned */
  readonly digest: number;
  readonly values?: StepValues;
  /** w' of layers 1 .. L, W's then H's: columns in use ascending, rows ascending within */
  readonly writes?: readonly Int16Array[];
}

export interface StepResult {
  /** the class predicted before the update */
  readonly prediction: number;
  readonly trace?: StepTrace;
}

export interface StepOptions {
  /** learning-rate shift of this step; default: that of epoch 0 */
  readonly k?: number;
  readonly trace?: TraceLevel;
}
