import { type Config, parseConfig, type RawConfig } from '../../src/config/index.js';
import { type Dataset, loadDataset } from '../../src/data/index.js';
import { plan } from '../../src/datapath/plan.js';
import { type EngineName, Network } from '../../src/model/index.js';
import { timeModel, trainModel } from './model.js';
import type { Contender } from './race.js';
import { compileTimeTrainer, compileTrainer, missingCompiler } from './trainer.js';

/** A network and everybody who trains it; the plain C trainer first. */
export interface Race {
  readonly title: string;
  readonly contenders: readonly Contender[];
  /** ratios are to this contender's speed */
  readonly yardstick: string;
}

export interface Effort {
  readonly samples: number;
  readonly rounds: number;
  /** of engines that are slow */
  readonly slowRounds: number;
}

const C = 'plain C';
const C_SKIPS = 'plain C, skips';

const DENSE = { layers: [784, 256, 256, 10], rate: 7 } as const;

const dense = (bits: number, mode: 'propagating' | 'off' = 'propagating'): Config =>
  parseConfig({ name: 'bench', layers: [...DENSE.layers], bits, grapes: { mode }, learningRateShift: DENSE.rate });

const mnist = (): Dataset => loadDataset('mnist', 'train', { inputs: 784, classes: 10, seed: 1 });

const denseModel = (
  bits: number,
  engine: EngineName,
  { samples, rounds, slowRounds }: Effort,
  data: Dataset,
  mode: 'propagating' | 'off' = 'propagating',
): Contender => {
  const made = plan(dense(bits, mode));
  return {
    name: mode === 'off' ? `${engine}, no GRAPES` : engine,
    integers: `${bits} bits${mode === 'off' ? ', no GRAPES' : ''}`,
    rounds: engine === 'wasm' ? rounds : slowRounds,
    run: () => trainModel(made, data, DENSE.rate, samples, engine),
    phases: () => timeModel(made, data, DENSE.rate, samples, engine),
  };
};

const denseTrainer = (bits: number, skip: boolean, { samples, rounds }: Effort, data: Dataset): Contender => {
  const config = dense(bits);
  const [whole, timed] = [false, true].map((phases) => compileTrainer(config, data, { k: DENSE.rate, phases, skip }));
  return {
    name: skip ? C_SKIPS : C,
    integers: `${bits} bits`,
    rounds,
    run: () => {
      const { whole: seconds, right, checksum } = whole(samples);
      return { seconds, right, checksum };
    },
    phases: () => {
      const { forward, backward, update } = timed(samples);
      return { forward, backward, update };
    },
  };
};

/** 784-256-256-10: today's engines at 8 and 16 bits, with a C trainer that works on every sample and one that skips. */
export const denseRace = (effort: Effort): Race => {
  const data = mnist();
  const there = missingCompiler() === null;
  return {
    title: `${DENSE.layers.join('-')}, rate 2^-${DENSE.rate}`,
    yardstick: C,
    contenders: [
      ...(there ? [8, 16].flatMap((bits) => [false, true].map((skip) => denseTrainer(bits, skip, effort, data))) : []),
      denseModel(8, 'wasm', effort, data),
      denseModel(8, 'wasm', effort, data, 'off'),
      denseModel(16, 'wasm', effort, data),
      denseModel(8, 'typescript', effort, data),
      denseModel(16, 'typescript', effort, data),
    ],
  };
};

/** Networks in time as their presets have them, but for the mode and a constant rate. */
const TIMED: Readonly<Record<string, { readonly raw: RawConfig; readonly rate: number }>> = {
  'snu, direct, T = 4': {
    rate: 9,
    raw: {
      name: 'snu',
      layers: [784, 256, 256, 10],
      steps: 4,
      cell: 'snu',
      frac: { weight: [9, 8, 8], activation: [7, 0, 0], error: [7, 7, 7] },
    },
  },
  'rnn, 28 rows, 12-bit weights': {
    rate: 12,
    raw: {
      name: 'rnn',
      layers: [28, 128, 10],
      steps: 28,
      encoding: 'rows',
      cell: 'tanh',
      recurrent: true,
      bits: { weight: 12, activation: 8, error: 8 },
    },
  },
};

/** A network in time: the engine that it gets by default and TypeScript's, with a C trainer that skips what the contract lets it. */
export const timeRace = (name: string, { samples, rounds, slowRounds }: Effort): Race => {
  const { raw, rate } = TIMED[name];
  const config = parseConfig({ ...raw, learningRateShift: rate, grapes: { mode: 'off' } });
  const made = plan(config);
  const data = mnist();
  const engines = [...new Set<EngineName>([new Network(made).engine, 'typescript'])];
  const trainer = missingCompiler() === null ? compileTimeTrainer(config, data, rate) : null;
  return {
    title: `${name}: ${config.layers.join('-')}, no GRAPES, rate 2^-${rate}`,
    yardstick: C_SKIPS,
    contenders: [
      ...(trainer === null
        ? []
        : [
            {
              name: C_SKIPS,
              integers: name,
              rounds,
              run: () => {
                const { whole: seconds, right, checksum } = trainer(samples);
                return { seconds, right, checksum };
              },
            },
          ]),
      ...engines.map(
        (engine): Contender => ({
          name: engine,
          integers: name,
          rounds: engine === 'wasm' ? rounds : slowRounds,
          run: () => trainModel(made, data, rate, samples, engine),
        }),
      ),
    ],
  };
};

export const TIMED_NAMES: readonly string[] = Object.keys(TIMED);
