import { describe, expect, it } from 'vitest';
import { configFields, mergeConfigs, parseConfig, presets } from '../../src/config/index.js';
import { UserError } from '../../src/fx/error.js';

/** The lines of the refusal of `input`. */
const refusal = (input: unknown): string[] => {
  try {
    parseConfig(input);
  } catch (error) {
    if (error instanceof UserError) return error.message.split('\n');
    throw error;
  }
  return [];
};

const small = { name: 'small', layers: [12, 8, 4] };

describe('defaults', () => {
  it('complete name and layers', () => {
    expect(parseConfig({ name: 'mnist', layers: [784, 256, 256, 10] })).toEqual({
      name: 'mnist',
      layers: [784, 256, 256, 10],
      bits: { weight: 8, activation: 8, error: 8 },
      frac: { weight: [8, 7, 7], activation: [7, 5, 5], error: [7, 7, 7] },
      grapes: { mode: 'propagating', clip: 'unit' },
      feedback: 'bp',
      learningRateShift: 7,
      rounding: 'stochastic',
      seed: 1,
      data: 'mnist',
      lanes: 32,
    });
  });

  it('are synthetic data where MNIST does not fit', () => {
    expect(parseConfig(small).data).toBe('synthetic');
    expect(parseConfig({ name: 'a', layers: [784, 11] }).data).toBe('synthetic');
  });

  it.each([
    { mode: 'propagating', k: 9, error: [5, 5, 5, 5, 7] },
    { mode: 'uniform', k: 9, error: [5, 5, 5, 5, 7] },
    { mode: 'local', k: 7, error: [7, 7, 7, 7, 7] },
    { mode: 'off', k: 7, error: [7, 7, 7, 7, 7] },
  ])('of five layers in mode $mode: rate 2^-$k', ({ mode, k, error }) => {
    const config = parseConfig({ name: 'deep', layers: [784, 256, 256, 256, 256, 10], grapes: { mode } });
    expect(config.learningRateShift).toBe(k);
    expect(config.frac.error).toEqual(error);
  });

  it('take one width for all three operands, or some of them', () => {
    expect(parseConfig({ ...small, bits: 6 }).bits).toEqual({ weight: 6, activation: 6, error: 6 });
    expect(parseConfig({ ...small, bits: { error: 12 } }).bits).toEqual({ weight: 8, activation: 8, error: 12 });
  });
});

describe('a refusal names field, value, what is legal and the fix', () => {
  it.each([
    {
      input: { ...small, colour: 'red' },
      lines: [
        'colour: is "red", but there is no such field; remove it or use one of name, layers, bits, frac, grapes, ' +
          'feedback, learningRateShift, rounding, seed, data, label, classes, scaling, split, constant, lanes, steps, encoding, ' +
          'cell, recurrent, decayShift',
      ],
    },
    {
      input: { ...small, grapes: { mode: 'on', strength: 1 } },
      lines: [
        'grapes.mode: is "on", must be propagating, local, off, uniform; choose one of them',
        'grapes.strength: is 1, but there is no such field; remove it or use one of mode, clip',
      ],
    },
    {
      input: { name: 'small', layers: [12, 0, 4], lanes: 0 },
      lines: [
        'layers[1]: is 0, must be an integer 1..65535; a layer has at least one neuron',
        'lanes: is 0, must be an integer 1..1024; choose a number of lanes in that range',
      ],
    },
    {
      input: { layers: [12] },
      lines: [
        'name: is missing, must be a string; give the design a name',
        'layers: is [12], must be a list of at least two sizes; give inputs and outputs, for example [784, 10]',
      ],
    },
    {
      input: { ...small, name: 'Small net' },
      lines: [
        'name: is "Small net", must be a lower-case letter, then lower-case letters, digits and underscores; ' +
          'it becomes the prefix of every module',
      ],
    },
    {
      input: { ...small, bits: 3 },
      lines: ['bits: is 3, must be an integer 4..16; choose a width in that range'],
    },
    {
      input: { ...small, bits: { weight: 17 } },
      lines: ['bits.weight: is 17, must be an integer 4..16; choose a width in that range'],
    },
    {
      input: { ...small, bits: '8' },
      lines: ['bits: is "8", must be a number or an object; give one width, or { weight, activation, error }'],
    },
    {
      input: { ...small, seed: 2 ** 32 },
      lines: ['seed: is 4294967296, must be an integer 0..4294967295; choose a seed in that range'],
    },
    {
      input: { ...small, frac: { weight: [5] } },
      lines: ['frac.weight: has 1 entries, must have 2 (fw_1..fw_L); give one a layer or leave it out'],
    },
    {
      input: { ...small, frac: { error: [7, 9] } },
      lines: ['frac.error[1]: is 9, must be 0..8 in the last layer; choose one in that range'],
    },
    {
      input: { ...small, data: 'mnist' },
      lines: [
        'data: is "mnist" with 784 inputs, but layers[0] is 12, must be 784; set layers[0] to 784 and layers[2] to ' +
          '10, or data to "synthetic"',
        'data: is "mnist" with 10 classes, but layers[2] is 4, must be 10; set layers[0] to 784 and layers[2] to 10, ' +
          'or data to "synthetic"',
      ],
    },
    {
      input: {
        ...small,
        learningRateShift: [
          { epoch: 2, shift: 7 },
          { epoch: 2, shift: 8 },
        ],
      },
      lines: [
        'learningRateShift[0].epoch: is 2, must be 0; the first entry holds from the start',
        'learningRateShift[1].epoch: is 2, must be above 2; list the epochs in ascending order',
      ],
    },
    {
      input: { ...small, learningRateShift: [] },
      lines: [
        'learningRateShift: is [], must be a schedule of at least one entry; start it with { "epoch": 0, "shift": 7 }',
      ],
    },
    {
      input: { name: 'wide', layers: [8, 4, 20000], bits: 16 },
      lines: ['layers[2]: is 20000, must be 1..16384 with 16-bit weights and 16-bit errors; lower it or bits'],
    },
    {
      input: [],
      lines: ['configuration: is [], must be a JSON object; give at least { "name": ..., "layers": [...] }'],
    },
    {
      input: { ...small, lanes: 0, frac: { error: [7, 9] }, data: 'mnist' },
      lines: [
        'lanes: is 0, must be an integer 1..1024; choose a number of lanes in that range',
        expect.stringMatching(/^data: is "mnist" with 784 inputs/),
        expect.stringMatching(/^data: is "mnist" with 10 classes/),
        'frac.error[1]: is 9, must be 0..8 in the last layer; choose one in that range',
      ],
    },
    {
      input: { ...small, seed: -1, frac: { weight: [5] }, learningRateShift: [{ epoch: 1, shift: 7 }] },
      lines: [
        'seed: is -1, must be an integer 0..4294967295; choose a seed in that range',
        'learningRateShift[0].epoch: is 1, must be 0; the first entry holds from the start',
        'frac.weight: has 1 entries, must have 2 (fw_1..fw_L); give one a layer or leave it out',
      ],
    },
    {
      input: null,
      lines: ['configuration: is null, must be a JSON object; give at least { "name": ..., "layers": [...] }'],
    },
  ])('$lines.0', ({ input, lines }) => expect(refusal(input)).toEqual(lines));
});

describe('shifts', () => {
  const layers = [12, 8, 6, 4];
  const legal = { weight: [5, 5, 5], activation: [7, 5, 5], error: [7, 7, 7] };

  it('of the update lie in 0..32', () => {
    const frac = { ...legal, error: [7, 7, 0], weight: [5, 5, 6] };
    expect(refusal({ name: 'a', layers, frac, learningRateShift: 0 })).toEqual([
      'frac.error[2]: update shift is -1, must be 0..32; raise frac.error[2] or learningRateShift',
    ]);
    expect(refusal({ name: 'a', layers, frac, learningRateShift: 1 })).toEqual([]);
  });

  it('of the update are checked for every rate of a schedule', () => {
    const learningRateShift = [
      { epoch: 0, shift: 7 },
      { epoch: 3, shift: 24 },
    ];
    expect(refusal({ name: 'a', layers, frac: legal, learningRateShift })).toEqual([
      'frac.error[0]: update shift is 33, must be 0..32; lower frac.error[0] or learningRateShift[1].shift',
    ]);
  });

  it('of a requantisation lie in -8..40', () => {
    expect(refusal({ name: 'a', layers, frac: { ...legal, activation: [7, 21, 5] } })).toEqual([
      'frac.weight[0]: forward shift is -9, must be -8..40; raise frac.weight[0] or lower frac.activation[1]',
    ]);
    expect(refusal({ name: 'a', layers, frac: { ...legal, error: [28, 7, 7] }, learningRateShift: 0 })).toEqual([
      'frac.error[0]: backward shift is -9, must be -8..40; lower frac.error[0] or raise frac.weight[1]',
    ]);
  });
});

describe('configFields', () => {
  it('has the fields in the order of the files', () => {
    const config = parseConfig({ lanes: 4, seed: 3, layers: [4, 2], name: 'a', bits: { error: 9, weight: 8 } });
    const fields = configFields(config);
    expect(Object.keys(fields)).toEqual([
      'name',
      'layers',
      'bits',
      'frac',
      'grapes',
      'feedback',
      'learningRateShift',
      'rounding',
      'seed',
      'data',
      'lanes',
    ]);
    expect(JSON.stringify(fields)).toBe(JSON.stringify(config));
    expect(parseConfig(fields)).toEqual(config);
  });
});

describe('mergeConfigs', () => {
  it('puts later ones on top', () => {
    const merged = mergeConfigs(presets.mnist, { seed: 5, grapes: { clip: 'full' } }, { grapes: { mode: 'off' } });
    expect(merged).toMatchObject({ name: 'mnist', seed: 5, grapes: { mode: 'off', clip: 'full' } });
  });

  it('keeps fractions until sizes, widths or the mode change', () => {
    const base = { ...small, frac: { weight: [5, 5] } };
    expect(mergeConfigs(base, { seed: 2, frac: { error: [6, 7] } }).frac).toEqual({ weight: [5, 5], error: [6, 7] });
    expect(mergeConfigs(base, { layers: [12, 8, 4] }).frac).toEqual({ weight: [5, 5] });
    expect(mergeConfigs(base, { layers: [12, 9, 4] }).frac).toBeUndefined();
    expect(mergeConfigs(base, { bits: 12, frac: { error: [9, 9] } }).frac).toEqual({ error: [9, 9] });
    expect(mergeConfigs(base, { grapes: { mode: 'propagating', clip: 'full' } }).frac).toEqual({ weight: [5, 5] });
    expect(mergeConfigs(base, { grapes: { mode: 'off' } }).frac).toBeUndefined();
  });
});
