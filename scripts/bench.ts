/**
 * Training speed, one thread, one sample at a time, 784-256-256-10 on MNIST with GRAPES: the model's engines at 8 and 16 bits,
 * phase by phase, beside a plain C trainer of the same integers that is compiled in the same run.
 *
 *   npm run bench -- [--quick] [--json]
 *
 * Rounds of all contenders alternate; a time is the sum of the fastest times of short slices, so that other work on the
 * machine counts little. Ends with exit code 1 where engines and trainer do not agree.
 */
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { parseConfig } from '../src/config/index.js';
import { loadDataset } from '../src/data/index.js';
import { type Plan, plan } from '../src/datapath/plan.js';
import type { EngineName } from '../src/model/index.js';
import { timeModel, trainModel } from './bench/model.js';
import { type Fastest, fastest } from './bench/slices.js';
import { compileTrainer, missingCompiler } from './bench/trainer.js';

const { values: flags } = parseArgs({
  options: { quick: { type: 'boolean', default: false }, json: { type: 'boolean', default: false } },
});

const SIZES = [784, 256, 256, 10];
const RATE = 7;
const SAMPLES = flags.quick ? 2000 : 10_000;
const ROUNDS = flags.quick ? 4 : 10;
const SLOW_ROUNDS = 2;

interface Round {
  readonly right: number;
  readonly checksum: number;
  /** by slice */
  readonly seconds: readonly number[];
}

/** Something that trains. */
interface Contender {
  readonly name: string;
  readonly bits: number;
  readonly rounds: number;
  readonly run: () => Round;
  /** seconds by slice of each phase, from a run that times them */
  readonly phases: () => Readonly<Record<string, readonly number[]>>;
}

interface Result {
  readonly name: string;
  readonly bits: number;
  readonly samplesPerSecond: number;
  /** speed in units of the plain C trainer's at the same widths, and at 8 bits; null without a compiler */
  readonly againstC: number | null;
  readonly againstC8: number | null;
  /** microseconds a sample */
  readonly phases: Readonly<Record<string, number>>;
  /** of the samples, predicted rightly before their update */
  readonly right: number;
  readonly checksum: number;
}

type Mode = 'propagating' | 'off';

const design = (bits: number, mode: Mode): Plan =>
  plan(parseConfig({ name: 'bench', layers: SIZES, bits, grapes: { mode } }));

const data = loadDataset('mnist', 'train', { inputs: SIZES[0], classes: 10, seed: 1 });

const model = (bits: number, engine: EngineName, mode: Mode = 'propagating'): Contender => {
  const made = design(bits, mode);
  return {
    name: mode === 'off' ? `${engine}, no GRAPES` : engine,
    bits,
    rounds: engine === 'wasm' ? ROUNDS : SLOW_ROUNDS,
    run: () => trainModel(made, data, RATE, SAMPLES, engine),
    phases: () => timeModel(made, data, RATE, SAMPLES, engine),
  };
};

const C = 'plain C';

const trainer = (bits: number): Contender => {
  const made = design(bits, 'propagating');
  const [whole, timed] = [false, true].map((phases) => compileTrainer(made, data, RATE, phases));
  return {
    name: C,
    bits,
    rounds: ROUNDS,
    run: () => {
      const { whole: seconds, ...result } = whole(SAMPLES);
      return { ...result, seconds };
    },
    phases: () => {
      const { forward, backward, update } = timed(SAMPLES);
      return { forward, backward, update };
    },
  };
};

const say = (text: string): void => {
  if (!flags.json) console.log(text);
};

/** Runs everybody's rounds in turn. */
const race = (contenders: readonly Contender[]) => {
  const states = contenders.map((contender) => ({
    contender,
    whole: fastest(),
    phases: new Map<string, Fastest>(),
    last: { right: 0, checksum: 0, seconds: [] } as Round,
  }));
  for (let round = 0; round < ROUNDS; round++) {
    for (const state of states) {
      const { contender, whole, phases } = state;
      if (round >= contender.rounds) continue;
      state.last = contender.run();
      whole.add(state.last.seconds);
      for (const [name, seconds] of Object.entries(contender.phases())) {
        phases.set(name, phases.get(name) ?? fastest());
        phases.get(name)?.add(seconds);
      }
    }
    if (process.stderr.isTTY) process.stderr.write(`\rround ${round + 1} of ${ROUNDS} `);
  }
  if (process.stderr.isTTY) process.stderr.write('\r\x1b[K');
  return states;
};

const missing = missingCompiler();
const contenders = [
  ...(missing === null ? [trainer(8), trainer(16)] : []),
  model(8, 'wasm'),
  model(8, 'wasm', 'off'),
  model(16, 'wasm'),
  model(8, 'typescript'),
  model(16, 'typescript'),
];
say(
  `${SIZES.join('-')}, MNIST, ${SAMPLES} samples, rate 2^-${RATE}, one thread of ${cpus()[0]?.model.trim() ?? 'a processor'}`,
);
if (missing !== null) say(`no comparison with C: ${missing}`);

const states = race(contenders);
const speedOf = (name: string, bits: number): number | null => {
  const found = states.find(({ contender }) => contender.name === name && contender.bits === bits);
  return found ? SAMPLES / found.whole.total() : null;
};
const results = states.map(({ contender: { name, bits }, whole, phases, last }): Result => {
  const samplesPerSecond = SAMPLES / whole.total();
  const against = (other: number | null): number | null => other && samplesPerSecond / other;
  return {
    name,
    bits,
    samplesPerSecond,
    againstC: against(speedOf(C, bits)),
    againstC8: against(speedOf(C, 8)),
    phases: Object.fromEntries([...phases].map(([phase, best]) => [phase, (best.total() / SAMPLES) * 1e6])),
    right: last.right,
    checksum: last.checksum,
  };
});

/** Contenders of the same integers that ended differently. */
const disagreeing = results.filter(
  (result) =>
    !result.name.includes('no GRAPES') &&
    results.some(
      (other) =>
        other.bits === result.bits &&
        !other.name.includes('no GRAPES') &&
        (other.checksum !== result.checksum || other.right !== result.right),
    ),
);

const COLUMNS = ['input', 'forward', 'softmax', 'backward', 'update'] as const;
const ratio = (v: number | null): string => (v === null ? '-' : v.toFixed(2));
const cells = [
  ['', 'bits', 'samples/s', 'x C', 'x C 8 bits', ...COLUMNS.map((name) => `${name} us`)],
  ...results.map(({ name, bits, samplesPerSecond, againstC, againstC8, phases }) => [
    name,
    String(bits),
    Math.round(samplesPerSecond).toLocaleString('en-US'),
    ratio(againstC),
    ratio(againstC8),
    ...COLUMNS.map((phase) => phases[phase]?.toFixed(2) ?? '-'),
  ]),
];
const widths = cells[0].map((_, column) => Math.max(...cells.map((row) => row[column].length)));
for (const row of cells)
  say(row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]) : cell.padStart(widths[i]))).join('  '));
if (flags.json) console.log(JSON.stringify({ sizes: SIZES, samples: SAMPLES, rate: RATE, missing, results }, null, 2));

if (disagreeing.length > 0) {
  for (const { name, bits, right, checksum } of disagreeing)
    console.error(`bench: ${name}, ${bits} bits: ${right} right, checksum ${checksum}: not all agree`);
  process.exitCode = 1;
} else say('engines and trainer end with the same weights');
