import { describe, expect, test } from 'vitest';
import { type ChainOptions, readModel } from '../../src/exchange/index.js';
import { type Given, safetensorsFile } from './build.js';

interface Case {
  readonly what: string;
  readonly tensors: Readonly<Record<string, Given>>;
  readonly options?: ChainOptions;
  /** names of the layers in their order, and the layout; or what is wrong */
  readonly is: readonly string[] | RegExp;
}

const W = 'out-in';
const T = 'in-out';

const CASES: readonly Case[] = [
  {
    what: 'PyTorch names say the layout, numbers the order',
    tensors: { 'net.10.weight': [3, 4], 'net.2.weight': [4, 4], 'net.0.weight': [4, 5] },
    is: [W, 'net.0', 'net.2', 'net.10'],
  },
  {
    what: 'names without numbers: the only order that chains',
    tensors: { 'classifier.weight': [3, 4], 'hidden.weight': [4, 5] },
    is: [W, 'hidden', 'classifier'],
  },
  {
    what: 'Flax names',
    tensors: { 'Dense_0/kernel': [5, 4], 'Dense_1/kernel': [4, 3] },
    is: [T, 'Dense_0', 'Dense_1'],
  },
  {
    what: 'numbered names of no convention, rows for outputs',
    tensors: { w1: [4, 5], w2: [3, 4] },
    is: [W, 'w1', 'w2'],
  },
  {
    what: 'numbered names of no convention, rows for inputs',
    tensors: { w1: [5, 4], w2: [4, 3] },
    is: [T, 'w1', 'w2'],
  },
  { what: 'a layer alone needs its layout', tensors: { w: [3, 5] }, options: { layout: W }, is: [W, 'w'] },
  { what: 'or its sizes', tensors: { w: [3, 5] }, options: { sizes: [5, 3] }, is: [W, 'w'] },
  { what: 'sizes with a constant feature', tensors: { w: [3, 5] }, options: { sizes: [6, 3] }, is: [W, 'w'] },
  {
    what: 'else it is asked for',
    tensors: { w: [3, 5] },
    is: /could be 5-3 \(out x in: w\) or 3-5 \(in x out: w\); say/,
  },
  {
    what: 'a chain that reads both ways',
    tensors: { a: [4, 5], b: [3, 4] },
    is: /could be 5-4-3 \(out x in: a, b\) or 3-4-5 \(in x out: b, a\); say which with --layout/,
  },
  { what: 'and its sizes decide', tensors: { a: [4, 5], b: [3, 4] }, options: { sizes: [3, 4, 5] }, is: [T, 'b', 'a'] },
  {
    what: 'square matrices in no known order',
    tensors: { 'a.weight': [4, 4], 'b.weight': [4, 4] },
    is: /could be 4-4-4 \(out x in: a.weight, b.weight\) or 4-4-4 \(out x in: b.weight, a.weight\)/,
  },
  {
    what: 'and in the order given',
    tensors: { 'a.weight': [4, 4], 'b.weight': [4, 4] },
    options: { tensors: ['b.weight', 'a.weight'] },
    is: [W, 'b', 'a'],
  },
  {
    what: 'some of the tensors',
    tensors: { 'conv.weight': [3, 3, 3, 3], 'fc.weight': [3, 4] },
    options: { tensors: ['fc.weight'] },
    is: [W, 'fc'],
  },
  {
    what: 'a tensor that is not there',
    tensors: { 'fc.weight': [3, 4] },
    options: { tensors: ['out.weight'] },
    is: /has no tensor out.weight \(--tensors\); there are fc.weight \(3 x 4\)/,
  },
  {
    what: 'matrices that do not chain',
    tensors: { 'fc1.weight': [4, 5], 'fc2.weight': [3, 7] },
    is: /matrices do not chain in this order: fc1.weight \(4 x 5\), fc2.weight \(3 x 7\); name the ones to use/,
  },
  {
    what: 'other sizes than asked for',
    tensors: { 'fc1.weight': [4, 5], 'fc2.weight': [3, 4] },
    options: { sizes: [784, 4, 3] },
    is: /is 5-4-3 \(out x in: fc1.weight, fc2.weight\), but the layers are 784 x 4 x 3/,
  },
  {
    what: 'a recurrent layer of PyTorch',
    tensors: { 'rnn.weight_ih_l0': [4, 5], 'rnn.weight_hh_l0': [4, 4], 'out.weight': [3, 4] },
    is: [W, 'rnn.l0', 'out'],
  },
  {
    what: 'an LSTM',
    tensors: { 'rnn.weight_ih_l0': [16, 5], 'rnn.weight_hh_l0': [16, 4], 'out.weight': [3, 4] },
    is: /rnn.weight_hh_l0 \(16 x 4\) is not square \(an LSTM has four\); the core has simple recurrent layers/,
  },
  {
    what: 'a convolution',
    tensors: { 'conv.weight': [3, 3, 3, 3], 'fc.weight': [3, 4] },
    is: /conv.weight \(3 x 3 x 3 x 3\) is no matrix; the core has dense and simple recurrent layers/,
  },
  {
    what: 'batch normalisation',
    tensors: { 'bn.weight': [4], 'bn.running_mean': [4], 'fc.weight': [3, 4] },
    is: /bn\.\w+ \(4\) is no matrix/,
  },
  {
    what: 'a bias of a later layer',
    tensors: { 'fc1.weight': [4, 5], 'fc2.weight': [3, 4], 'fc2.bias': [3] },
    is: /fc2 has a bias; the core has none, but for one of the first layer .*: train with bias=False \(PyTorch\)/,
  },
  {
    what: 'biases of 0',
    tensors: { 'fc1.weight': [4, 5], 'fc2.weight': [3, 4], 'fc2.bias': { shape: [3], values: [0, 0, 0] } },
    is: [W, 'fc1', 'fc2'],
  },
  { what: 'a bias alone', tensors: { 'fc.bias': [3] }, is: /fc.bias \(3\) belongs to no matrix/ },
  { what: 'no tensors', tensors: {}, is: /holds no matrices/ },
];

describe('the order and layout of matrices', () => {
  test.each(CASES)('$what', async ({ tensors, options, is }) => {
    const reading = readModel(safetensorsFile(tensors), options);
    if (is instanceof RegExp) await expect(reading).rejects.toThrow(is);
    else {
      const { layout, layers } = await reading;
      expect([layout, ...layers.map(({ name }) => name)]).toEqual(is);
    }
  });

  test('rows for inputs are turned: every weight keeps its input and its output', async () => {
    const values = [1, 2, 3, 4, 5, 6];
    const of = async (shape: number[], layout: ChainOptions['layout']) =>
      (await readModel(safetensorsFile({ w: { shape, values } }), { layout: layout ?? W })).layers[0].weight;
    expect(await of([2, 3], W)).toEqual({ rows: 2, columns: 3, values: Float64Array.of(1, 2, 3, 4, 5, 6) });
    expect(await of([2, 3], T)).toEqual({ rows: 3, columns: 2, values: Float64Array.of(1, 4, 2, 5, 3, 6) });
  });

  test('biases of a recurrent layer add up', async () => {
    const ones = { shape: [2], values: [1, -2] };
    const tensors = { 'rnn.weight_ih_l0': [2, 3], 'rnn.weight_hh_l0': [2, 2], 'out.weight': [2, 2] };
    const file = safetensorsFile({ ...tensors, 'rnn.bias_ih_l0': ones, 'rnn.bias_hh_l0': ones });
    expect((await readModel(file)).layers[0].bias).toEqual(Float64Array.of(2, -4));
  });

  test('twenty square matrices are not tried in every order', async () => {
    const letters = [...'abcdefghijklmnopqrst'];
    const tensors = Object.fromEntries(letters.map((name) => [`${name}.weight`, [4, 4]]));
    await expect(readModel(safetensorsFile({ ...tensors, 'z.weight': [3, 5] }))).rejects.toThrow('do not chain');
  });
});
