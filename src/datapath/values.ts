import {
  backFrac,
  backwardShift,
  errorSource,
  forwardShift,
  isRecurrent,
  LOGIT_BITS,
  LOGIT_FRAC,
  recurrentFrac,
  strengthFrac,
  sumFrac,
} from '../config/shifts.js';
import { SPIKE, spikingInput, type Timing, timingOf } from '../config/time.js';
import type { Config } from '../config/types.js';
import { bitLength, type Format } from '../fx/format.js';
import { cellOf, type HiddenCell, type LogitCell } from './cell.js';

/** How many values there are, how often a sample has them, and what they look like; 1 bit is a spike, 0 or 1. */
interface Vector {
  readonly size: number;
  readonly steps: number;
  readonly format: Format;
}

/** What the values of a sample can be: the features, what hidden layers make of them, the logits. */
export type Values = InputValues | HiddenValues | LogitValues;

/** `V_0`, the features as the first layer sees them. */
export interface InputValues extends Vector {
  readonly kind: 'input';
}

/** Bits by which what each way brings is shifted to the left before the two add up; 0 where there is but one way. */
export interface Align {
  /** of `W`, or of the errors from above */
  readonly forward: number;
  /** of `H`, or of the layer's own errors */
  readonly recurrent: number;
}

/** `V_l`, l = 1..L-1. */
export interface HiddenValues extends Vector {
  readonly kind: 'hidden';
  readonly cell: HiddenCell;
  readonly error: Format;
  /** signed bits that hold every sum `z` */
  readonly sumBits: number;
  readonly sumAlign: Align;
  /** the sum `b` of errors: signed bits that hold it, and the requantising shift of `b * f` */
  readonly back: { readonly bits: number; readonly shift: number; readonly align: Align };
  /** unsigned bits that hold every strength */
  readonly strengthBits: number;
  readonly strengthAlign: Align;
}

/** `V_L`, the logits: once a sample. */
export interface LogitValues extends Vector {
  readonly kind: 'logits';
  readonly cell: LogitCell;
  readonly error: Format;
  /** signed bits that hold every sum `z` */
  readonly sumBits: number;
}

/** Signed bits for every integer of magnitude at most `m`. */
const signedBits = (m: number): number => bitLength(m) + 1;

/** Largest magnitude of a signed format, or of a spike. */
const magnitude = (bits: number): number => (bits === SPIKE.bits ? 1 : 2 ** (bits - 1));

const inputOf = (config: Config, { steps, encoding }: Timing): InputValues => ({
  kind: 'input',
  size: config.layers[0],
  steps,
  format: spikingInput(encoding) ? SPIKE : { bits: config.bits.activation, frac: config.frac.activation[0] },
});

const hiddenOf = (config: Config, timing: Timing, l: number, source: InputValues | HiddenValues): HiddenValues => {
  const { layers: sizes, bits, frac } = config;
  const size = sizes[l];
  const cell = cellOf(config, timing, l);
  const format = cell.kind === 'snu' ? SPIKE : { bits: bits.activation, frac: frac.activation[l] };
  const weight = magnitude(bits.weight);
  const recurrent = isRecurrent(config, l);
  const fh = recurrentFrac(config, l);
  const align = (aligned: number, forward: number, own: number): Align => ({
    forward: aligned - forward,
    recurrent: recurrent ? aligned - own : 0,
  });
  /** the largest magnitude of a sum of aligned terms, of which each way has so many of such a magnitude */
  const most = (
    { forward, recurrent: across }: Align,
    terms: readonly [number, number],
    own: readonly [number, number],
  ) => terms[0] * terms[1] * 2 ** forward + (recurrent ? own[0] * own[1] * 2 ** across : 0);
  const sumAlign = align(sumFrac(config, l), frac.weight[l - 1] + source.format.frac, fh + format.frac);
  const z = most(
    sumAlign,
    [source.size, weight * magnitude(source.format.bits)],
    [size, weight * magnitude(format.bits)],
  );
  const from = errorSource(config, l);
  const error = weight * magnitude(bits.error);
  const backAlign = align(backFrac(config, l), frac.weight[from - 1] + frac.error[from - 1], fh + frac.error[l - 1]);
  const b = most(backAlign, [sizes[from], error], [size, error]);
  const strengthAlign = align(strengthFrac(config, l), frac.weight[l - 1], fh);
  const strength = most(strengthAlign, [source.size, weight], [size, weight]);
  return {
    kind: 'hidden',
    size,
    steps: timing.steps,
    format,
    cell,
    error: { bits: bits.error, frac: frac.error[l - 1] },
    sumBits: signedBits(z),
    sumAlign,
    back: { bits: signedBits(b), shift: backwardShift(config, l), align: backAlign },
    strengthBits: bitLength(strength),
    strengthAlign,
  };
};

const logitsOf = (config: Config, { steps }: Timing, source: InputValues | HiddenValues): LogitValues => {
  const { layers: sizes, bits, frac } = config;
  const L = sizes.length - 1;
  return {
    kind: 'logits',
    size: sizes[L],
    steps: 1,
    format: { bits: LOGIT_BITS, frac: LOGIT_FRAC },
    cell: { kind: 'logits', shift: forwardShift(config, L) },
    error: { bits: bits.error, frac: frac.error[L - 1] },
    sumBits: signedBits(source.size * steps * magnitude(bits.weight) * magnitude(source.format.bits)),
  };
};

/** The values of a sample: what hidden layer l takes is `input` for l = 1, else `hidden[l - 2]`. */
export const valuesOf = (config: Config) => {
  const timing = timingOf(config);
  const input = inputOf(config, timing);
  const hidden: HiddenValues[] = [];
  for (let l = 1; l < config.layers.length - 1; l++) hidden.push(hiddenOf(config, timing, l, hidden.at(-1) ?? input));
  return { input, hidden, output: logitsOf(config, timing, hidden.at(-1) ?? input) };
};
