import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { configFields, parseConfig } from '../../src/config/index.js';
import { type Design, expectedCounts, goldenRun, plusArguments, readDesign } from '../../src/cosim/index.js';
import { type Dataset, loadDataset } from '../../src/data/index.js';
import { type Plan, plan } from '../../src/datapath/plan.js';
import { rateAt } from '../../src/datapath/rate.js';
import { hostOf, writeGolden } from '../../src/golden/index.js';
import { emit } from '../../src/rtl/index.js';
import type { RawConfig } from '../../test/arbitrary/config.js';

/** A small design, some samples, and how its testbench runs. */
interface Setting {
  readonly name: string;
  readonly samples: number;
  readonly config: Omit<RawConfig, 'name' | 'data'>;
  /** a host that varies everything, drawn from this seed; a plain one where there is none */
  readonly host?: number;
  /** random gaps, drawn from this seed */
  readonly stall?: number;
  /** weights are loaded past the memory port */
  readonly fast?: true;
  /** the same bright sample again and again, each time of another class: activations and errors saturate */
  readonly contrary?: true;
  /** weights start at the limits of their format, so that sums, strengths and logits reach theirs */
  readonly extreme?: true;
}

/** One name for all designs: a fault is found again in each of them by the text of its line. */
export const NAME = 'dut';

/** In the order in which they are tried: those that catch most in the least time come first. */
const SETTINGS: readonly Setting[] = [
  {
    name: 'plain',
    samples: 8,
    config: { layers: [9, 11, 5, 3], bits: 8, lanes: 2, grapes: { mode: 'propagating' }, learningRateShift: 3 },
  },
  {
    name: 'local',
    samples: 8,
    config: {
      layers: [7, 8, 9, 5],
      bits: { weight: 7, activation: 6, error: 9 },
      lanes: 3,
      grapes: { mode: 'local', clip: 'full' },
      rounding: 'nearest',
      learningRateShift: [
        { epoch: 0, shift: 3 },
        { epoch: 1, shift: 4 },
      ],
    },
    host: 1,
    stall: 77,
  },
  {
    name: 'inference',
    samples: 8,
    config: {
      layers: [6, 3, 7],
      bits: 5,
      lanes: 1,
      grapes: { mode: 'propagating', clip: 'full' },
      learningRateShift: 2,
    },
    host: 2,
    stall: 5,
  },
  {
    name: 'wide',
    samples: 6,
    config: { layers: [10, 17, 6], bits: 16, lanes: 6, grapes: { mode: 'propagating' }, learningRateShift: 4 },
    host: 8,
  },
  {
    name: 'few-inputs',
    samples: 12,
    config: { layers: [2, 12, 3], bits: 7, lanes: 1, grapes: { mode: 'propagating' }, learningRateShift: 2 },
    host: 3,
    stall: 3,
  },
  {
    name: 'smallest',
    samples: 16,
    config: { layers: [3, 4], bits: 8, lanes: 2, grapes: { mode: 'off' }, rounding: 'nearest', learningRateShift: 1 },
  },
  {
    name: 'saturating',
    samples: 16,
    config: {
      layers: [4, 5, 6, 4],
      bits: 8,
      frac: { weight: [5, 5, 2], activation: [7, 6, 0], error: [7, 7, 7] },
      lanes: 2,
      grapes: { mode: 'propagating', clip: 'full' },
      learningRateShift: 0,
      seed: 2,
    },
    contrary: true,
  },
  {
    name: 'extreme',
    samples: 8,
    config: {
      layers: [4, 5, 6, 4],
      bits: 8,
      frac: { weight: [5, 5, 2], activation: [7, 6, 3], error: [7, 7, 7] },
      lanes: 2,
      grapes: { mode: 'propagating', clip: 'full' },
      learningRateShift: 1,
    },
    host: 8,
    contrary: true,
    extreme: true,
  },
  {
    name: 'one-layer',
    samples: 10,
    config: { layers: [611, 9], bits: 4, lanes: 2, grapes: { mode: 'propagating' }, learningRateShift: 1 },
    host: 6,
    stall: 9,
  },
  {
    name: 'one-input',
    samples: 8,
    config: { layers: [1, 3, 2], bits: 8, lanes: 4, grapes: { mode: 'propagating' }, learningRateShift: 2 },
    host: 4,
  },
  {
    name: 'few-neurons',
    samples: 12,
    // With this seed every neuron of the last hidden layer is active in many samples.
    config: {
      layers: [3, 2, 1, 2, 4],
      bits: 6,
      lanes: 5,
      grapes: { mode: 'propagating' },
      learningRateShift: 2,
      seed: 2,
    },
    host: 5,
  },
  {
    name: 'carrying',
    samples: 12,
    // With this seed there are samples in which a layer's errors are all 0 but the unmodulated ones that go further back are not.
    config: {
      layers: [5, 3, 3, 3, 4],
      bits: { weight: 8, activation: 8, error: 4 },
      lanes: 2,
      grapes: { mode: 'local', clip: 'full' },
      learningRateShift: 3,
      seed: 95,
    },
  },
  {
    name: 'late-factors',
    samples: 12,
    config: { layers: [13, 21, 10, 4], bits: 8, lanes: 4, grapes: { mode: 'propagating' }, learningRateShift: 4 },
    host: 3,
  },
  {
    name: 'scan-of-lanes',
    samples: 8,
    // The scan for the largest strength takes one of four lanes a cycle.
    config: { layers: [70, 4, 9, 3], bits: 8, lanes: 4, grapes: { mode: 'propagating' }, learningRateShift: 3 },
  },
  {
    name: 'scan-in-turn',
    samples: 16,
    // The first layer's factors are made while the scan is in the second.
    config: { layers: [3, 4, 40, 3], bits: 8, lanes: 2, grapes: { mode: 'propagating' }, learningRateShift: 2 },
  },
  {
    name: 'off',
    samples: 6,
    config: {
      layers: [8, 13, 6, 9],
      bits: { weight: 9, activation: 8, error: 6 },
      lanes: 4,
      grapes: { mode: 'off' },
      learningRateShift: 3,
    },
    host: 9,
  },
  {
    name: 'alone',
    samples: 1,
    config: { layers: [4, 8, 3], bits: 8, lanes: 2, grapes: { mode: 'propagating' }, learningRateShift: 5 },
  },
  {
    name: 'many-lanes',
    samples: 4,
    config: {
      layers: [6, 37, 20, 4],
      bits: 8,
      lanes: 18,
      grapes: { mode: 'propagating', clip: 'full' },
      learningRateShift: 3,
    },
    host: 7,
    fast: true,
  },
];

/** A scenario on disk, ready to run. */
export interface Scenario {
  readonly name: string;
  readonly design: Design;
  readonly files: ReadonlyMap<string, string>;
  readonly plusargs: readonly string[];
  readonly samples: number;
  /** values of each kind that a run has to compare */
  readonly expected: Readonly<Record<string, number>>;
}

/** Samples that random data lack: dark, bright, and with nothing but a first or a last feature. */
const withCorners = (data: Dataset): Dataset => {
  const features = data.features.slice();
  const set = (sample: number, value: (feature: number) => number): void => {
    if (sample < data.count) for (let j = 0; j < data.inputs; j++) features[sample * data.inputs + j] = value(j);
  };
  set(2, () => 255);
  set(3, () => 0);
  set(4, (j) => (j === data.inputs - 1 ? 255 : 0));
  set(6, (j) => (j === 0 ? 200 : 0));
  return { ...data, features };
};

const contrary = (data: Dataset): Dataset => ({
  ...data,
  features: data.features.map(() => 255),
  labels: data.labels.map((_, n) => n % data.classes),
});

/** All weights are the highest, but for the last row of a hidden layer and the first of the output layer: the lowest. */
const extremeWeights = ({ layers }: Plan): number[][] =>
  layers.map(({ values, inputs, outputs, matrix }) => {
    const top = 2 ** (matrix.format.bits - 1);
    const lowest = values.kind === 'hidden' ? outputs - 1 : 0;
    return Array.from({ length: outputs * inputs }, (_, at) => (Math.floor(at / inputs) === lowest ? -top : top - 1));
  });

const writeScenario = async (
  folder: string,
  { name, samples, config, host, stall, fast, ...setting }: Setting,
): Promise<Scenario> => {
  const parsed = parseConfig({ ...config, name: NAME, data: 'synthetic' });
  const design = plan(parsed);
  const dir = join(folder, name, 'rtl-out', NAME);
  const golden = join(folder, name, 'golden', NAME);
  rmSync(join(folder, name), { recursive: true, force: true });
  const files = emit(design);
  for (const [path, text] of [...files, ['config.json', JSON.stringify(configFields(parsed))] as const]) {
    mkdirSync(dirname(join(dir, path)), { recursive: true });
    writeFileSync(join(dir, path), text);
  }
  mkdirSync(dirname(golden), { recursive: true });
  const shape = { inputs: parsed.layers[0], classes: design.classes, seed: parsed.seed, count: samples };
  const synthetic = loadDataset('synthetic', 'train', shape);
  const data = setting.contrary ? contrary(synthetic) : withCorners(synthetic);
  const weights = setting.extreme && { weights: extremeWeights(design) };
  const varied = host === undefined ? {} : { host };
  const manifest = await writeGolden(design, data, { samples, trace: samples, ...varied, ...weights }, golden);
  const lines = await hostOf(design, golden, manifest, { samples, rate: rateAt(parsed, 0) });
  const run = goldenRun(golden, manifest, lines);
  const told = { golden: run, fastLoad: fast ?? false, stall: stall !== undefined, stallSeed: stall ?? 1, wave: null };
  return {
    name,
    design: readDesign(dir, NAME),
    files,
    samples,
    expected: expectedCounts(design, run),
    plusargs: plusArguments(design, told, join(folder, name, 'run'), dir),
  };
};

/** Emits every scenario's design and golden vectors below an absolute folder. */
export const writeScenarios = async (folder: string): Promise<Scenario[]> => {
  const scenarios: Scenario[] = [];
  for (const setting of SETTINGS) scenarios.push(await writeScenario(folder, setting));
  return scenarios;
};
