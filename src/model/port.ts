import type { Plan } from '../datapath/plan.js';
import { UserError } from '../fx/error.js';
import type { Features } from '../fx/features.js';
import { type Format, maxOf, minOf, quantised, sat } from '../fx/format.js';

/** What a network's input takes of a sample. */
export interface Port {
  /** numbers a sample */
  readonly size: number;
  readonly min: number;
  readonly max: number;
  /** what each byte, which stands for `p / 255`, becomes */
  readonly table: Int16Array;
  /** What a number in [-1, 1] becomes. @throws UserError for one that the encoding can't have */
  readonly number: (v: number) => number;
}

/** `sat(floor(p / 255 * 2^frac + 1/2))`, as an exact quotient of integers. */
const pixelIn = ({ bits, frac }: Format, p: number): number => {
  const up = 2 ** Math.max(0, frac);
  const down = 2 ** Math.max(0, -frac);
  return sat(Math.floor((2 * p * up + 255 * down) / (510 * down)), bits);
};

const BYTES = { length: 256 };

const values = (plan: Plan, size: number): Port => {
  const { format } = plan.input;
  return {
    size,
    min: minOf(format.bits),
    max: maxOf(format.bits),
    table: Int16Array.from(BYTES, (_, p) => pixelIn(format, p)),
    number: (v) => quantised(v, format),
  };
};

/** A probability in steps of 1/255, or, with `most` 1, a spike. */
const levels =
  (most: 1 | 255, encoding: string) =>
  (_: Plan, size: number): Port => ({
    size,
    min: 0,
    max: most,
    table: Int16Array.from(BYTES, (_, p) => Math.floor((2 * p * most + 255) / 510)),
    number: (v) => {
      if (v >= 0 && v <= 1) return Math.floor(most * v + 0.5);
      throw new UserError(
        `data: a feature is ${v}, must be 0..1 with encoding ${encoding}; scale the features or choose another encoding`,
        { field: 'data' },
      );
    },
  });

const PORTS = { direct: values, rows: values, rate: levels(255, 'rate'), events: levels(1, 'events') } as const;

/** The input of a network: integers of the input format, or with `rate` the probabilities of spikes. */
export const portOf = (plan: Plan): Port => {
  const { encoding = 'direct' } = plan.config;
  const repeated = encoding === 'rows' || encoding === 'events';
  return PORTS[encoding](plan, plan.input.size * (repeated ? plan.input.steps : 1));
};

/** A sample's features as the input takes them. */
export const taken = ({ table, number }: Port, features: Features): Int16Array => {
  const out = new Int16Array(features.length);
  if (features instanceof Uint8Array) for (let j = 0; j < out.length; j++) out[j] = table[features[j]];
  else for (let j = 0; j < out.length; j++) out[j] = number(features[j]);
  return out;
};
