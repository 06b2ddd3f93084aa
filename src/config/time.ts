import type { Format } from '../fx/format.js';
import type { CellName, Config, Encoding, Timing } from './types.js';

export type { CellName, Encoding, Timing };

/** The format of a spike, 0 or 1: the only one of a single bit, and unsigned. */
export const SPIKE: Format = { bits: 1, frac: 0 };

/** Squares of the initial limits of `W_l` and `H_l`, times their columns: He-uniform, and half its variance. */
export const FORWARD_GAIN = 6;
export const RECURRENT_GAIN = 3;

/** Default of `decayShift`. */
export const DECAY_SHIFT = 3;

/** The network is in time: more than one step, a cell that is not ReLU, or a recurrent layer. */
export const needsTime = ({ steps, cell, recurrent }: Timing): boolean =>
  steps > 1 || cell.some((name) => name !== 'relu') || recurrent.includes(true);

/** The configuration is of a network in time: only then does it have the fields of {@link Timing}. */
export const inTime = (config: Pick<Config, 'steps'>): boolean => config.steps !== undefined;

/** Features of a sample: `n_0`, or that many for each step where the steps have features of their own. */
export const featuresOf = ({ layers, steps = 1, encoding }: Pick<Config, 'layers' | 'steps' | 'encoding'>): number =>
  layers[0] * (encoding === 'rows' || encoding === 'events' ? steps : 1);

/** Features of a sample that are its own: all but the constant that ends it, or ends each of its steps. */
export const ownFeaturesOf = ({
  constant,
  ...config
}: Parameters<typeof featuresOf>[0] & { constant?: boolean | undefined }): number => {
  const features = featuresOf(config);
  return features - (constant ? features / config.layers[0] : 0);
};

/** How a network runs in time; a dense one has a single step of ReLU cells. */
export const timingOf = ({ layers, steps, encoding, cell, recurrent, decayShift }: Config): Timing => {
  const hidden = Array.from({ length: layers.length - 2 });
  return {
    steps: steps ?? 1,
    encoding: encoding ?? 'direct',
    cell: cell ?? hidden.map(() => 'relu'),
    recurrent: recurrent ?? hidden.map(() => false),
    decayShift: decayShift ?? DECAY_SHIFT,
  };
};

/** The features are spikes, 0 or 1. */
export const spikingInput = (encoding: Encoding): boolean => encoding === 'rate' || encoding === 'events';

/** The format of membranes beside activations of `bits` bits. */
export const membraneFormat = (bits: number): Format => ({ bits, frac: bits - 3 });

/** The fraction that a cell's activations of `bits` bits must have; null where it may be chosen. */
export const fixedFrac = (cell: CellName, bits: number): number | null =>
  ({ relu: null, tanh: bits - 1, snu: SPIKE.frac })[cell];
