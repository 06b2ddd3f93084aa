/** What a network in time sees of a sample, step by step. */
import { quantise } from '../oracle.js';
import { advance, type Matrix, range, type Vector } from '../scalars.js';
import type { TimeConfig } from './resolve.js';

/** The sequence x_0 of a sample, [t-1][j], and the encoder's state after it. */
export interface Encoded {
  readonly x: Matrix;
  readonly state: bigint;
}

/** What the input port takes of a sample: `rate` the p_j, floor(255 v + 1/2), `events` 0 or 1, the others x_0. */
export const port = (config: TimeConfig, features: readonly number[], unit: 1n | 255n): Vector => {
  if (config.encoding !== 'rate' && config.encoding !== 'events') return quantise(config, features, unit);
  const most = config.encoding === 'rate' ? 255 : 1;
  return features.map((v) => BigInt(Math.floor((v * most) / Number(unit) + 0.5)));
};

/** Spreads what the port took over T steps; `rate` draws from `state`. */
export const encode = (config: TimeConfig, taken: readonly bigint[], state: bigint): Encoded => {
  const { steps, encoding } = config;
  const n = config.layers[0];
  if (encoding === 'direct') return { x: range(steps).map(() => [...taken]), state };
  if (encoding !== 'rate') return { x: range(steps).map((t) => taken.slice(t * n, (t + 1) * n)), state };
  let y = state;
  const x = range(steps).map(() =>
    taken.map((p) => {
      if (p === 0n) return 0n;
      y = advance(y);
      return y >> 24n < p ? 1n : 0n;
    }),
  );
  return { x, state: y };
};
