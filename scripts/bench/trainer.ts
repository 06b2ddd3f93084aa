import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Dataset } from '../../src/data/index.js';
import type { Plan } from '../../src/datapath/plan.js';
import { SLICE } from './slices.js';

const FOLDER = join('build', 'bench');
const FLAGS = ['-O3', '-march=native', '-fno-loop-unroll-and-jam'];

/** What a run of the plain C trainer says; times in seconds by slice, those of the phases 0 unless it was compiled for them. */
export interface TrainerRun {
  readonly right: number;
  readonly checksum: number;
  readonly whole: readonly number[];
  readonly forward: readonly number[];
  readonly backward: readonly number[];
  readonly update: readonly number[];
}

/** A compiled trainer: each call is one run over the first `samples` samples. */
export type Trainer = (samples: number) => TrainerRun;

/** What is missing to compile the trainer, or null. */
export const missingCompiler = (): string | null =>
  spawnSync('gcc', ['--version']).status === 0 ? null : 'gcc is not installed: apt-get install -y gcc';

const output = (program: string, parameters: readonly string[]): string => {
  const { status, stdout, stderr } = spawnSync(program, parameters, { encoding: 'utf8', maxBuffer: 2 ** 28 });
  if (status !== 0) throw new Error(`${program} ${parameters.join(' ')}: exit code ${status}\n${stderr}`);
  return stdout;
};

/** Writes the samples where the trainer reads them. */
const writeData = ({ name, features, labels }: Dataset): [string, string] => {
  const files: [string, string] = [join(FOLDER, `${name}.pixels`), join(FOLDER, `${name}.labels`)];
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(files[0], features);
  writeFileSync(files[1], Uint8Array.from(labels));
  return files;
};

/** Compiles bench/trainer.c for a plan of mode `propagating`. */
export const compileTrainer = ({ config }: Plan, data: Dataset, k: number, phases: boolean): Trainer => {
  const { bits, frac, layers, seed } = config;
  const files = writeData(data);
  const program = join(FOLDER, `trainer-${bits.weight}${phases ? '-phases' : ''}`);
  const define = (name: string, values: readonly number[]): string => `-D${name}=${values.join(',')}`;
  output('gcc', [
    ...FLAGS,
    ...(phases ? ['-DPHASES'] : []),
    define('BITS', [bits.weight]),
    define('SIZES', layers),
    define('FW', frac.weight),
    define('FA', frac.activation),
    define('FE', frac.error),
    join('bench', 'trainer.c'),
    '-o',
    program,
    '-lm',
  ]);
  return (samples) => JSON.parse(output(program, [...files, ...[samples, SLICE, seed, k].map(String)]));
};
