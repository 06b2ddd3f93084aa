import type { Dataset } from '../../src/data/index.js';
import type { Plan } from '../../src/datapath/plan.js';
import { mix } from '../../src/fx/random.js';
import type { DenseEngine } from '../../src/model/engine.js';
import { type EngineName, Network, sampleFeatures } from '../../src/model/index.js';
import { scalarEngine } from '../../src/model/scalar.js';
import { softmax } from '../../src/model/softmax.js';
import { startOf } from '../../src/model/start.js';
import { vectorEngine } from '../../src/model/vector.js';
import { SLICE } from './slices.js';

export interface ModelRun {
  readonly right: number;
  readonly checksum: number;
  /** of each slice */
  readonly seconds: readonly number[];
}

/** The trainer's checksum: the digest of the contract over all weights. */
const checksumOf = (network: Network): number => {
  const all = network.matrices();
  let sum = 0;
  network.plan.matrices.forEach(({ offset, format }, m) => {
    const mask = 2 ** format.bits - 1;
    all[m].forEach((w, at) => {
      sum = (sum + mix((offset + at) ^ mix(w & mask))) >>> 0;
    });
  });
  return sum;
};

/** Calls `work` for each sample, `after` for each slice. */
const eachSlice = (samples: number, work: (n: number) => void, after: (slice: number) => void): void => {
  for (let n = 0; n < samples; n++) {
    work(n);
    if ((n + 1) % SLICE === 0 || n + 1 === samples) after(Math.floor(n / SLICE));
  }
};

/** Trains a new network on the first `samples` samples. */
export const trainModel = (plan: Plan, data: Dataset, k: number, samples: number, engine: EngineName): ModelRun => {
  const network = new Network(plan, {}, { engine });
  const seconds: number[] = [];
  let right = 0;
  let start = performance.now();
  eachSlice(
    samples,
    (n) => {
      if (network.stepSample(sampleFeatures(data, n), data.labels[n], { k }).prediction === data.labels[n]) right++;
    },
    (slice) => {
      const now = performance.now();
      seconds[slice] = (now - start) / 1000;
      start = now;
    },
  );
  return { right, checksum: checksumOf(network), seconds };
};

const engineOf = (plan: Plan, name: EngineName): DenseEngine => {
  const start = startOf(plan, {});
  const vector = name === 'wasm' ? vectorEngine(plan, start) : null;
  return vector ?? scalarEngine(plan, start);
};

/** Seconds of each phase, by slice, while a new network trains on the first `samples` samples. */
export const timeModel = (
  plan: Plan,
  data: Dataset,
  k: number,
  samples: number,
  name: EngineName,
): Record<string, number[]> => {
  const engine = engineOf(plan, name);
  const pixels = Uint8Array.from(data.features);
  const frac = plan.layers[plan.layers.length - 1].values.error.frac;
  const probability = new Int32Array(plan.classes);
  const rule = { rate: k, stochastic: plan.config.rounding === 'stochastic' };
  const phases: readonly { readonly name: string; readonly run: (n: number) => void }[] = [
    { name: 'input', run: (n) => engine.takePixels(pixels.subarray(n * data.inputs, (n + 1) * data.inputs)) },
    { name: 'forward', run: () => engine.forward() },
    { name: 'softmax', run: () => softmax(engine.logit, frac, probability) },
    { name: 'backward', run: (n) => engine.backward(probability, data.labels[n]) },
    { name: 'update', run: () => engine.update(rule) },
  ];
  const seconds = phases.map((): number[] => []);
  const sums = phases.map(() => 0);
  eachSlice(
    samples,
    (n) => {
      let start = performance.now();
      for (let phase = 0; phase < phases.length; phase++) {
        phases[phase].run(n);
        const now = performance.now();
        sums[phase] += now - start;
        start = now;
      }
    },
    (slice) => {
      sums.forEach((sum, phase) => {
        seconds[phase][slice] = sum / 1000;
        sums[phase] = 0;
      });
    },
  );
  return Object.fromEntries(phases.map((phase, i) => [phase.name, seconds[i]]));
};
