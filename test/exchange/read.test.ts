import { describe, expect, test } from 'vitest';
import { loadDataset } from '../../src/data/index.js';
import {
  floatAccuracy,
  floatLogits,
  type Model,
  readModel,
  realFeatures,
  withColumn,
} from '../../src/exchange/index.js';
import { EXPECTED, fixture } from './models.js';

const digits = loadDataset('mnist', 'test', { inputs: 784, classes: 10, seed: 1 });
const constant = loadDataset('mnist', 'test', { inputs: 785, classes: 10, seed: 1, constant: true });

interface Case {
  readonly file: string;
  readonly format: string;
  readonly layout: string;
  readonly layers: readonly string[];
  /** steps over which the core sums and the model takes the mean */
  readonly steps?: number;
}

const MLP = ['12 x 784', '10 x 12'];

const CASES: readonly Case[] = [
  { file: 'torch.safetensors', format: 'safetensors', layout: 'out-in', layers: MLP },
  { file: 'torch-bf16.safetensors', format: 'safetensors', layout: 'out-in', layers: MLP },
  { file: 'torch-bias.safetensors', format: 'safetensors', layout: 'out-in', layers: MLP },
  { file: 'torch.onnx', format: 'ONNX', layout: 'out-in', layers: MLP },
  { file: 'numpy.npz', format: 'npz', layout: 'in-out', layers: MLP },
  { file: 'keras.h5', format: 'Keras', layout: 'in-out', layers: MLP },
  { file: 'keras.keras', format: 'Keras', layout: 'in-out', layers: MLP },
  { file: 'keras.weights.h5', format: 'Keras weights', layout: 'in-out', layers: MLP },
  {
    file: 'torch-rnn.safetensors',
    format: 'safetensors',
    layout: 'out-in',
    layers: ['32 x 28 recurrent tanh', '10 x 32'],
    steps: 28,
  },
  {
    file: 'torch-rnn.onnx',
    format: 'ONNX',
    layout: 'out-in',
    layers: ['32 x 28 recurrent tanh', '10 x 32'],
    steps: 28,
  },
  {
    file: 'keras-rnn.keras',
    format: 'Keras',
    layout: 'in-out',
    layers: ['24 x 28 recurrent tanh', '10 x 24'],
    steps: 28,
  },
];

const shapes = ({ layers }: Model): string[] =>
  layers.map(
    ({ weight, recurrent, activation }) =>
      `${weight.rows} x ${weight.columns}${recurrent ? ` recurrent ${activation}` : ''}`,
  );

describe.each(CASES)('$file', ({ file, format, layout, layers, steps = 1 }) => {
  const { accuracy, logits } = EXPECTED[file];

  test('is read as what it is', async () => {
    const model = await readModel(fixture(file));
    expect({ format: model.format, layout: model.layout, layers: shapes(model) }).toEqual({ format, layout, layers });
  });

  test('gives the logits and the accuracy that its own library gives', async () => {
    const model = await readModel(fixture(file));
    const [first, ...rest] = model.layers;
    const chain = first.bias ? [withColumn(first, first.bias), ...rest] : model.layers;
    const samples = first.bias ? constant : digits;
    logits.forEach((expected, n) => {
      const got = floatLogits(chain, realFeatures(samples, n));
      expected.forEach((v, i) => {
        expect(Math.abs(got[i] / steps - v)).toBeLessThan(1e-4);
      });
    });
    // the accuracy of the recurrent ones takes long: `import` is held against it
    if (steps === 1) expect(Math.abs(floatAccuracy(chain, samples) - accuracy)).toBeLessThan(2e-4);
  });
});
