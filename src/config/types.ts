/** Where the learning rate `2^-shift` changes: `shift` holds from epoch `epoch` on. */
export interface RateStep {
  readonly epoch: number;
  readonly shift: number;
}

/** How GRAPES factors act; `uniform` (a layer's mean factor for every neuron) exists in the model only. */
export type GrapesMode = 'propagating' | 'local' | 'off' | 'uniform';

export type CellName = 'relu' | 'tanh' | 'snu';

/** How the steps of a sample come to the first layer. */
export type Encoding = 'direct' | 'rate' | 'rows' | 'events';

/** How a network runs in time. Source: the numeric contract, networks in time. */
export interface Timing {
  /** T, steps of a sample */
  readonly steps: number;
  readonly encoding: Encoding;
  /** of each hidden layer */
  readonly cell: readonly CellName[];
  /** whether each hidden layer has a matrix H_l */
  readonly recurrent: readonly boolean[];
  /** a membrane loses `2^-decayShift` of itself a step */
  readonly decayShift: number;
}

/** A scaling of features by name, or with the numbers that it was fitted to: `clip((raw - offset) * scale, low, high)`. */
export type ConfigScaling =
  | 'minmax'
  | 'minmax-signed'
  | 'standard'
  | {
      readonly kind: 'minmax' | 'minmax-signed' | 'standard';
      readonly low: number;
      readonly high: number;
      readonly offset: readonly number[];
      readonly scale: readonly number[];
    };

/** How data become samples; a field is missing where it has its default. */
export interface DataFields {
  /** the labels' column (name, or number from 1) or array in files; default: the one that shows */
  readonly label?: string;
  /** the labels that are classes 0, 1, ...; default: whole numbers below n_L are the classes themselves */
  readonly classes?: readonly string[];
  /** default none */
  readonly scaling?: ConfigScaling;
  /** share of every class that is kept for testing where no file says so, and the seed that decides which; default 0.1, 1 */
  readonly split?: { readonly test: number; readonly seed: number };
  /** every sample, or every step of one, ends with a feature of the largest value, which layers[0] counts; default false */
  readonly constant?: true;
}

/**
 * A validated configuration with every field resolved: bits as an object, fractions complete. Only networks in
 * time have the fields of {@link Timing} and `frac.recurrent`.
 */
export interface Config extends Partial<Timing>, DataFields {
  readonly name: string;
  /** n_0 .. n_L */
  readonly layers: readonly number[];
  readonly bits: { readonly weight: number; readonly activation: number; readonly error: number };
  /** weight: fw_1..fw_L; activation: fa_0..fa_(L-1); error: fe_1..fe_L */
  readonly frac: {
    readonly weight: readonly number[];
    readonly activation: readonly number[];
    readonly error: readonly number[];
    /** fh_1..fh_(L-1) of a network in time, null where there is no H_l */
    readonly recurrent?: readonly (number | null)[];
  };
  readonly grapes: { readonly mode: GrapesMode; readonly clip: 'unit' | 'full' };
  readonly feedback: 'bp' | 'fa' | 'dfa';
  readonly learningRateShift: number | readonly RateStep[];
  readonly rounding: 'stochastic' | 'nearest';
  readonly seed: number;
  readonly data: string;
  readonly lanes: number;
}
