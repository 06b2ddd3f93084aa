import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../src/config/index.js';
import { plan } from '../../src/datapath/plan.js';
import { passesOf, programOf } from '../../src/datapath/program.js';

const passes = (layers: readonly number[], mode = 'propagating'): readonly string[] =>
  passesOf(
    programOf(plan(parseConfig({ name: 'x', layers, lanes: 2, bits: 8, data: 'synthetic', grapes: { mode } }))),
  ).map(({ operation, layer, waits }) => [operation, layer.index, ...waits].join(' '));

describe('program', () => {
  it('goes forward through the layers, back with the updates, and sweeps the hidden layers', () => {
    expect(passes([7, 6, 5, 3])).toEqual([
      'forward 1 writes sums',
      'forward 2 sums',
      'forward 3 sums result',
      'backUpdate 3 softmax errors',
      'backUpdate 2 errors',
      'update 1 errors',
      'sweep 1',
      'sweep 2',
    ]);
  });

  it('of a single layer has no way back', () => {
    expect(passes([7, 3])).toEqual(['forward 1 writes sums result', 'update 1 softmax errors']);
  });

  it('has no sweep where there are no strengths', () => {
    expect(passes([7, 6, 3], 'off')).not.toContain('sweep 1');
  });

  it('makes the errors of the layer that the updated one takes its list from', () => {
    const { learn } = programOf(
      plan(parseConfig({ name: 'x', layers: [7, 6, 5, 3], lanes: 2, bits: 8, data: 'synthetic' })),
    );
    for (const pass of learn) if (pass.operation === 'backUpdate') expect(pass.target.index).toBe(pass.layer.index - 1);
  });
});
