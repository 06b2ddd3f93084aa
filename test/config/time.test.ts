/** Networks in time: what a configuration must say, and what it becomes. */
import { describe, expect, it } from 'vitest';
import { configFields, parseConfig } from '../../src/config/index.js';

const parse = (fields: object) => configFields(parseConfig({ name: 'net', layers: [12, 8, 6, 4], ...fields }));

describe('a network is in time', () => {
  it.each([
    { steps: 2 },
    { cell: 'tanh' },
    { cell: ['relu', 'snu'] },
    { recurrent: true },
    { recurrent: [false, true] },
  ])('with %o, and then has every field', (fields) => {
    expect(Object.keys(parse(fields)).slice(-5)).toEqual(['steps', 'encoding', 'cell', 'recurrent', 'decayShift']);
    expect(parse(fields).frac.recurrent).toHaveLength(2);
  });

  it.each([{}, { steps: 1, cell: 'relu', recurrent: false, encoding: 'rows', decayShift: 5 }])(
    'not with %o, and then has none',
    (fields) => {
      const made = parse(fields);
      expect(Object.keys(made).at(-1)).toBe('lanes');
      expect(made.frac).not.toHaveProperty('recurrent');
    },
  );

  it('and resolves to itself', () => {
    const made = parse({ steps: 5, cell: ['snu', 'tanh'], recurrent: [true, false], encoding: 'rate' });
    expect(configFields(parseConfig(made))).toEqual(made);
    expect(made).toMatchObject({
      // fh_1: 7 - ceil(log2(4 sqrt(3/8)))
      frac: { activation: [0, 0, 7], error: [5, 7, 7], recurrent: [5, null] },
      data: 'synthetic',
    });
  });
});

describe('the error says what to change:', () => {
  it.each<[object, string]>([
    [{ steps: 65 }, 'steps: is 65, must be an integer 1..64'],
    [{ steps: 2, decayShift: 9 }, 'decayShift: is 9, must be an integer 1..8'],
    [{ encoding: 'morse' }, 'encoding: is "morse", must be direct, rate, rows, events'],
    [{ encoding: 'rate' }, 'encoding: is "rate", must be direct in a network of one step and relu cells; raise steps'],
    [{ cell: 'lstm' }, 'cell: is "lstm", must be relu, tanh, snu, or a list'],
    [{ cell: ['snu'] }, 'cell: has 1 entries, must have 2; give one a hidden layer'],
    [{ cell: ['snu', 'gru'] }, 'cell[1]: is "gru", must be relu, tanh, snu'],
    [{ recurrent: [true] }, 'recurrent: has 1 entries, must have 2'],
    [{ recurrent: 1 }, 'recurrent: is 1, must be true or false'],
    [{ recurrent: [true, false], frac: { recurrent: [3, 4] } }, 'frac.recurrent[1]: is 4, must be null'],
    [{ recurrent: true, frac: { recurrent: [3, null] } }, 'frac.recurrent[1]: is null, must be a fraction'],
    [{ recurrent: true, frac: { recurrent: [15, 4] } }, 'frac.recurrent[0]: is 15, must be -3..13'],
    [
      { steps: 2, encoding: 'events', frac: { activation: [7, 5, 5] } },
      'frac.activation[0]: is 7, must be 0 with encoding events',
    ],
    [{ cell: 'tanh', frac: { activation: [7, 5, 7] } }, 'frac.activation[1]: is 5, must be 7 in a layer of tanh cells'],
    [{ cell: 'snu', frac: { activation: [7, 0, 1] } }, 'frac.activation[2]: is 1, must be 0 in a layer of snu cells'],
    [
      { layers: [29, 8, 10], steps: 28, encoding: 'rows', data: 'mnist' },
      'steps: is 28 with layers[0] 29: 812 features a sample, but "mnist" has 784; set layers[0] to 28',
    ],
    [
      { layers: [28, 8, 10], steps: 27, encoding: 'rows', data: 'mnist' },
      'steps: is 27 with layers[0] 28: 756 features a sample, but "mnist" has 784; choose steps that divide 784',
    ],
  ])('%o', (fields, text) => {
    expect(() => parse(fields)).toThrow(text);
  });
});
