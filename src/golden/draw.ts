import type { Matrix, Plan } from '../datapath/plan.js';
import { maxOf, minOf } from '../fx/format.js';
import { mix, scale, xorshift } from '../fx/random.js';
import { type HostLine, line } from './host.js';

/** Hidden rows whose strengths are read at the end of a run; all of smaller networks. */
const STRENGTHS = 64;

/** Seeded choices. */
const chooser = (seed: number) => {
  let state = mix(seed) || 1;
  const below = (count: number): number => {
    state = xorshift(state);
    return scale(state, count);
  };
  const one = <T>(values: readonly T[]): T => values[below(values.length)];
  return {
    below,
    one,
    /** true once in `times` */
    seldom: (times: number): boolean => below(times) === 0,
    word: (): number => {
      state = xorshift(state);
      return state;
    },
  };
};

const counterReads = ({ layers }: Plan): HostLine[] =>
  Array.from({ length: 2 + 2 * layers.length }, (_, column) => line('readCounter', { column }));

/** Streams by number: those of the matrices, then the encoder's. */
const streamsOf = ({ matrices, config }: Plan): number[] =>
  Array.from({ length: matrices.length + (config.encoding === 'rate' ? 1 : 0) }, (_, i) => i + 1);

/** Rounding to nearest draws from none of the matrices'. */
const streamReads = (plan: Plan): HostLine[] =>
  streamsOf(plan)
    .filter((stream) => plan.config.rounding === 'stochastic' || stream > plan.matrices.length)
    .map((stream) => line('readStream', { layer: stream }));

/** Rows of hidden layers, by the number of their W. */
const hiddenRows = ({ hidden, matrices }: Plan): { layer: number; row: number }[] =>
  hidden.flatMap(({ outputs, matrix }) =>
    Array.from({ length: outputs }, (_, row) => ({ layer: matrices.indexOf(matrix) + 1, row })),
  );

const strengthReads = (plan: Plan): HostLine[] => {
  if (plan.config.grapes.mode === 'off') return [];
  const rows = hiddenRows(plan);
  const every = Math.ceil(rows.length / STRENGTHS);
  return rows.filter((_, n) => n % every === 0).map((row) => line('readStrength', row));
};

/** Lanes that have no row of the last group of a matrix. */
const emptyLanes = ({ hardware, layers }: Plan, { layer }: Matrix): number[] => {
  const { lanes } = layers[layer - 1];
  const used = lanes.spread ? lanes.lastRows : Math.ceil(lanes.lastRows / 2);
  return Array.from({ length: hardware.lanes - used }, (_, n) => used + n);
};

const SPACES = [1, 2, 3, 4] as const;

/** Reads just outside of every table. */
const strayReads = (plan: Plan): HostLine[] => [
  ...SPACES.flatMap((layer) => [0, 1].map((row) => line('readStray', { layer, row }))),
  ...plan.matrices.flatMap((matrix, i) =>
    emptyLanes(plan, matrix)
      .slice(0, 1)
      .flatMap((value) =>
        [0, matrix.columns - 1].map((column) => line('readStray', { layer: i + 1, row: 2, column, value })),
      ),
  ),
];

/** What is read once the samples are over. `final`: all weights too. */
const ending = (plan: Plan, final: boolean): HostLine[] => [
  ...streamReads(plan),
  ...counterReads(plan),
  ...strengthReads(plan),
  ...strayReads(plan),
  ...(final ? [line('final')] : []),
];

/** The host of a plain run: load, set the streams, read strengths, train sample by sample, read back. */
export const plainHost = (
  plan: Plan,
  run: {
    readonly samples: number;
    readonly rate: number;
    readonly rngState: readonly number[];
    readonly final: boolean;
  },
): HostLine[] => [
  line('reset', { value: 1 }),
  line('load'),
  ...run.rngState.map((value, i) => line('writeStream', { layer: i + 1, value })),
  ...strengthReads(plan),
  ...Array.from({ length: run.samples }, () => line('train', { value: run.rate })),
  ...ending(plan, run.final),
];

/**
 * A host that varies whatever the ports leave to it: rate, training or inference, pauses, accesses to all memories, resets
 * between samples and in the middle of them.
 */
export const drawHost = (plan: Plan, samples: number, seed: number): HostLine[] => {
  const { below, one, seldom, word } = chooser(seed);
  const { layers, matrices, rate, config } = plan;
  const strengths = config.grapes.mode === 'off' ? [] : hiddenRows(plan);
  const weight = (): { layer: number; row: number; column: number; bits: number } => {
    const matrix = one(matrices);
    const { rows, columns, format } = matrix;
    return { layer: matrices.indexOf(matrix) + 1, row: below(rows), column: below(columns), bits: format.bits };
  };
  const weightValue = (bits: number): number =>
    seldom(3) ? one([minOf(bits), maxOf(bits), 0, -1]) : minOf(bits) + below(2 ** bits);
  const streamRead = (): HostLine => one([...streamReads(plan), line('readCounter')]);
  const wait = (): number => (seldom(8) ? 300 : seldom(3) ? below(40) : 0);
  const resetCycles = (): number => (seldom(3) ? 2 + below(20) : 1);

  const holes = matrices.flatMap((matrix, i) =>
    emptyLanes(plan, matrix).map((value) => ({ layer: i + 1, columns: matrix.columns, value })),
  );
  const stray = (): HostLine => {
    const operation = one(['readStray', 'writeStray'] as const);
    if (holes.length > 0 && seldom(2)) {
      const { layer, columns, value } = one(holes);
      return line(operation, { layer, row: 2, column: below(columns), value });
    }
    const [lanes, words] = [one([0, 1, below(2 ** 10)]), one([0, 1, below(64), below(2 ** 20)])];
    return line(operation, { layer: one(SPACES), row: below(2), value: (lanes << 20) | words });
  };

  const accesses: readonly (() => HostLine)[] = [
    () => {
      const { bits: _, ...place } = weight();
      return line('readWeight', place);
    },
    () => (strengths.length > 0 ? line('readStrength', one(strengths)) : streamRead()),
    streamRead,
    () => line('readCounter', { column: below(2 + 2 * layers.length) }),
    () => {
      const { bits, ...place } = weight();
      return line('writeWeight', { ...place, value: weightValue(bits) });
    },
    () => line('writeStream', { layer: one(streamsOf(plan)), value: word() }),
    stray,
  ];

  const restart = (first: HostLine): HostLine[] => [
    first,
    line('load'),
    ...streamsOf(plan).flatMap((layer) => (seldom(2) ? [line('writeStream', { layer, value: word() })] : [])),
  ];
  const between = (): HostLine[] => {
    if (seldom(12)) return [line('reset', { value: resetCycles(), wait: wait() })];
    // At any time scale, from the first cycle to beyond the sample.
    if (seldom(12)) return restart(line('abort', { value: below(2 ** (1 + below(12))), row: resetCycles() }));
    if (seldom(3)) return Array.from({ length: 1 + below(3) }, () => ({ ...one(accesses)(), wait: wait() }));
    return [];
  };
  const sample = (before: HostLine | undefined): HostLine => {
    const beside = before?.operation === 'readWeight' || before?.operation === 'readStrength';
    if (seldom(3)) return line('infer', { value: below(32), wait: wait(), row: beside && seldom(2) ? 1 : 0 });
    const inRange = rate.min + below(rate.max - rate.min + 1);
    return line('train', { value: seldom(6) ? below(32) : inRange, wait: wait() });
  };

  const lines = restart(line('reset', { value: resetCycles() }));
  for (let n = 0; n < samples; n++) {
    lines.push(...between());
    lines.push(sample(lines.at(-1)));
  }
  return [...lines, ...ending(plan, true)];
};
