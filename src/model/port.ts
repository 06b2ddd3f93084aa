import type { Plan } from '../datapath/plan.js';
import type { Encoding } from '../datapath/rate.js';
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

/** What the numbers of an encoding that takes spikes must be. */
interface Legal {
  readonly has: (v: number) => boolean;
  readonly text: string;
  readonly fix: string;
}

const RATE: Legal = {
  has: (v) => v >= 0 && v <= 1,
  text: '0..1 with encoding rate: it is how likely a spike is',
  fix: 'scale the features (minmax) or choose another encoding',
};

const EVENTS: Legal = {
  has: (v) => v === 0 || v === 1,
  text: '0 or 1 with encoding events: a spike or none',
  fix: 'choose encoding rows for numbers',
};

const LEGAL: Readonly<Partial<Record<Encoding, Legal>>> = { rate: RATE, events: EVENTS };

const illegal = (what: string, v: number, { text, fix }: Legal): UserError =>
  new UserError(`data: ${what} is ${v}, must be ${text}; ${fix}`, { field: 'data' });

/**
 * Looks for features that the encoding can't have. @param size features a sample
 * @throws UserError naming the first one
 */
export const requireFeatures = (encoding: Encoding, features: Features, size: number): void => {
  const legal = LEGAL[encoding];
  if (legal === undefined || features instanceof Uint8Array) return;
  const at = features.findIndex((v) => !legal.has(v));
  if (at < 0) return;
  throw illegal(`feature ${(at % size) + 1} of sample ${Math.floor(at / size) + 1}`, features[at], legal);
};

/** A probability in steps of 1/255, or, with `most` 1, a spike; a byte is one from the middle of its range on. */
const levels =
  (most: 1 | 255, legal: Legal) =>
  (_: Plan, size: number): Port => ({
    size,
    min: 0,
    max: most,
    table: Int16Array.from(BYTES, (_, p) => Math.floor((2 * p * most + 255) / 510)),
    number: (v) => {
      if (!legal.has(v)) throw illegal('a feature', v, legal);
      return Math.floor(most * v + 0.5);
    },
  });

const PORTS = {
  direct: values,
  rows: values,
  rate: levels(255, RATE),
  events: levels(1, EVENTS),
} as const;

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
