import { exponential } from '../fx/softmax.js';
import { chooser, lines, type ModuleBench, range } from './lines.js';

const DIVIDER_CASES = [
  { bits: 10, quotient: 9, stageBits: 2 },
  { bits: 20, quotient: 17, stageBits: 2 },
  { bits: 4, quotient: 5, stageBits: 1 },
  { bits: 12, quotient: 9, stageBits: 4 },
] as const;

const RANDOM_QUOTIENTS = 24;

/** `floor(numerator * 2^(bits - 1) / denominator)`, numerator <= denominator, a pair in every cycle. */
export const dividerBench = (): ModuleBench => {
  const vectors = DIVIDER_CASES.flatMap(({ bits, quotient }, i) => {
    const choose = chooser(401 + i);
    const top = 2 ** bits - 1;
    const pairs = [
      ...[1, 2, 3, top - 1, top].flatMap((d) => [0, 1, Math.floor(d / 2), d - 1, d].map((n) => [n, d])),
      ...range(RANDOM_QUOTIENTS).map(() => {
        const d = choose.integer(1, top);
        return [choose.integer(0, d), d];
      }),
    ].filter(([n, d]) => n <= d);
    return pairs.map(([n, d]) => [i, n, d, Math.floor((n * 2 ** (quotient - 1)) / d)]);
  });
  const latencies = DIVIDER_CASES.map(({ quotient, stageBits }) => Math.ceil(quotient / stageBits));
  const most = Math.max(...latencies);
  return {
    module: 'grapes_divider',
    view: { cases: DIVIDER_CASES.map((c, i) => ({ ...c, wait: most - latencies[i] })), latency: most },
    vectors: lines(vectors),
  };
};

const FACTOR_CASES = [
  { frac: 7, low: 128 },
  { frac: 7, low: 0 },
] as const;

/** `max(quotient, low)`, and 1.0 where the largest strength is 0. */
export const factorBench = (): ModuleBench => ({
  module: 'grapes_factor',
  view: { cases: FACTOR_CASES },
  vectors: lines(
    FACTOR_CASES.flatMap(({ frac, low }, i) =>
      [...range(257).filter((q) => q % 8 === 0), 1, 63, 65, 126, 127, 129, 130, 254, 255].flatMap((q) => [
        [i, q, false, Math.max(q, low)],
        [i, q, true, 2 ** frac],
      ]),
    ),
  ),
});

const EXP_LATENCY = 3;
const RANDOM_EXPONENTS = 200;

/** Exponentials against `src/fx`: every entry of the table, every octave, and where nothing is left. */
export const expBench = (): ModuleBench => {
  const choose = chooser(501);
  // A distance of 711 or so is four octaves; 3019 is where the last one ends.
  const distances = [
    ...range(190),
    ...range(20).flatMap((octave) => [0, 1, 2].map((k) => Math.round((octave * 65536) / 369) + k)),
    ...range(8).map((k) => 3015 + k),
    ...range(RANDOM_EXPONENTS).map(() => choose.integer(0, 3100)),
    32767,
    65534,
    65535,
  ];
  return {
    module: 'grapes_exp',
    view: { latency: EXP_LATENCY },
    vectors: lines(distances.map((d) => [d, exponential(d)])),
  };
};
