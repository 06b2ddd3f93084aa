/** Where the learning rate `2^-shift` changes: `shift` holds from epoch `epoch` on. */
export interface RateStep {
  readonly epoch: number;
  readonly shift: number;
}

/** How GRAPES factors act; `uniform` (a layer's mean factor for every neuron) exists in the model only. */
export type GrapesMode = 'propagating' | 'local' | 'off' | 'uniform';

/** A validated configuration with every field resolved: bits as an object, fractions complete. */
export interface Config {
  readonly name: string;
  /** n_0 .. n_L */
  readonly layers: readonly number[];
  readonly bits: { readonly weight: number; readonly activation: number; readonly error: number };
  /** weight: fw_1..fw_L; activation: fa_0..fa_(L-1); error: fe_1..fe_L */
  readonly frac: {
    readonly weight: readonly number[];
    readonly activation: readonly number[];
    readonly error: readonly number[];
  };
  readonly grapes: { readonly mode: GrapesMode; readonly clip: 'unit' | 'full' };
  readonly feedback: 'bp' | 'fa' | 'dfa';
  readonly learningRateShift: number | readonly RateStep[];
  readonly rounding: 'stochastic' | 'nearest';
  readonly seed: number;
  readonly data: string;
  readonly lanes: number;
}
