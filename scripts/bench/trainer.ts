import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { timingOf } from '../../src/config/time.js';
import type { Config } from '../../src/config/types.js';
import type { Dataset } from '../../src/data/index.js';
import { CONTRACT } from '../../src/datapath/version.js';
import { SLICE } from './slices.js';

const FOLDER = join('build', 'bench');
const FLAGS = ['-O3', '-march=native', '-fno-loop-unroll-and-jam'];

/** What a run of a plain C trainer says; times in seconds by slice, `P` its phases. */
export type TrainerRun<P extends string> = { readonly right: number; readonly checksum: number } & Readonly<
  Record<P, readonly number[]>
>;

/** A compiled trainer: each call is one run over the first `samples` samples. */
export type Trainer<P extends string = 'whole'> = (samples: number) => TrainerRun<P>;

/** Samples as trainers take them: features are bytes. */
export type TrainerData = Pick<Dataset, 'name' | 'features' | 'labels'>;

/** What is missing to compile the trainer, or null. */
export const missingCompiler = (): string | null =>
  spawnSync('gcc', ['--version']).status === 0 ? null : 'gcc is not installed: apt-get install -y gcc';

const output = (program: string, parameters: readonly string[]): string => {
  const { status, stdout, stderr } = spawnSync(program, parameters, { encoding: 'utf8', maxBuffer: 2 ** 28 });
  if (status !== 0) throw new Error(`${program} ${parameters.join(' ')}: exit code ${status}\n${stderr}`);
  return stdout;
};

/** Writes the samples where the trainer reads them. */
const writeData = ({ name, features, labels }: TrainerData): [string, string] => {
  const files: [string, string] = [join(FOLDER, `${name}.pixels`), join(FOLDER, `${name}.labels`)];
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(files[0], features);
  writeFileSync(files[1], Uint8Array.from(labels));
  return files;
};

type Definitions = Readonly<Record<string, number | string | readonly number[]>>;

/** Compiles bench/<source>.c, which is called with samples, slice, seed and rate behind the files of the data. */
const compile = <P extends string>(
  source: string,
  definitions: Definitions,
  data: TrainerData,
  { seed, k }: { readonly seed: number; readonly k: number },
): Trainer<P> => {
  const files = writeData(data);
  const flags = Object.entries(definitions).map(([name, value]) => `-D${name}=${value}`);
  const program = join(FOLDER, `${source}-${createHash('sha256').update(flags.join(' ')).digest('hex').slice(0, 12)}`);
  output('gcc', [...FLAGS, ...flags, join('bench', `${source}.c`), '-o', program, '-lm']);
  return (samples) => JSON.parse(output(program, [...files, ...[samples, SLICE, seed, k].map(String)]));
};

export interface DenseOptions {
  readonly k: number;
  /** times phases as well */
  readonly phases?: boolean;
  /** sends no error back from a layer that has none */
  readonly skip?: boolean;
}

/** Compiles bench/trainer.c for a dense network of mode `propagating`. */
export const compileTrainer = (
  { bits, frac, layers, seed }: Config,
  data: TrainerData,
  { k, phases = false, skip = false }: DenseOptions,
): Trainer<'whole' | 'forward' | 'backward' | 'update'> =>
  compile(
    'trainer',
    {
      VERSION: CONTRACT,
      BITS: bits.weight,
      SIZES: layers,
      FW: frac.weight,
      FA: frac.activation,
      FE: frac.error,
      ...(phases && { PHASES: 1 }),
      ...(skip && { SKIP: 1 }),
    },
    data,
    { seed, k },
  );

/**
 * Compiles bench/time.c for a network in time: all hidden layers of one cell, snu or tanh, all recurrent or none; `direct` or `rows`;
 * mode `propagating` or `off`, backpropagation.
 */
export const compileTimeTrainer = (config: Config, data: TrainerData, k: number): Trainer => {
  const { bits, frac, layers, seed, grapes } = config;
  const { steps, encoding, cell, recurrent, decayShift } = timingOf(config);
  return compile(
    'time',
    {
      STEPS: steps,
      ENCODING: encoding.toUpperCase(),
      CELL: cell[0].toUpperCase(),
      RECURRENT: recurrent[0] ? 1 : 0,
      DECAY: decayShift,
      GRAPES: grapes.mode === 'off' ? 0 : 1,
      WEIGHT_BITS: bits.weight,
      VALUE_BITS: bits.activation,
      ERROR_BITS: bits.error,
      SIZES: layers,
      FW: frac.weight,
      FA: frac.activation,
      FE: frac.error,
      FH: frac.recurrent?.map((fh) => fh ?? 0) ?? [0],
    },
    data,
    { seed, k },
  );
};
