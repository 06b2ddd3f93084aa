import { expect, test } from 'vitest';
import { parseBench, parseLine } from '../../src/cosim/lines.js';
import { judge } from '../../src/cosim/verdict.js';

test.each([
  ['GRAPES STEP sample=10', { word: 'STEP', fields: { sample: '10' } }],
  [
    'GRAPES COUNT kind=logit compared=  20 mismatches=0',
    { word: 'COUNT', fields: { kind: 'logit', compared: '20', mismatches: '0' } },
  ],
  [
    'GRAPES MISMATCH kind=error layer=-1 actual=xX',
    { word: 'MISMATCH', fields: { kind: 'error', layer: '-1', actual: 'xX' } },
  ],
  ['- S.v:3: Verilog $finish', null],
  ['', null],
])('%j', (line, parsed) => {
  expect(parseLine(line)).toEqual(parsed);
});

test('the first difference of a run counts, and the last DONE', () => {
  const lines = parseBench(
    [
      'noise',
      'GRAPES BROKEN grapes_drain: sums come when the group before is drained',
      'GRAPES MISMATCH kind=error sample=0 layer=2 row=3 column=-1 expected=0f actual=X0 bits=8 cycle=77',
      'GRAPES MISMATCH kind=error sample=1 layer=2 row=3 column=-1 expected=0f actual=00 bits=8 cycle=78',
      'GRAPES COUNT kind=error compared=12 mismatches=2',
      'GRAPES CYCLES steps=3 total=240',
    ].join('\n'),
  );
  expect(lines).toEqual({
    counts: [{ kind: 'error', compared: 12, mismatches: 2 }],
    mismatch: {
      kind: 'error',
      sample: 0,
      layer: 2,
      row: 3,
      column: -1,
      expected: '0f',
      actual: 'x0',
      bits: 8,
      cycle: 77,
    },
    broken: ['grapes_drain: sums come when the group before is drained'],
    cycles: { steps: 3, total: 240 },
    done: null,
  });
});

test('a run that breaks a contract fails, though every value is equal', () => {
  const equal = ['GRAPES COUNT kind=error compared=2 mismatches=0', 'GRAPES DONE samples=1 compared=2 mismatches=0'];
  const verdict = (lines: string[]) => judge(parseBench(lines.join('\n')), { error: 2 }, 1);
  expect(verdict(equal).ok).toBe(true);
  const { ok, problems } = verdict(['GRAPES BROKEN some: rule', ...equal]);
  expect([ok, problems]).toEqual([false, ['broken contract: some: rule']]);
});

test('a field that is missing is not a number, and so never what is expected', () => {
  expect(parseBench('GRAPES COUNT kind=error mismatches=0').counts[0].compared).toBeNaN();
});
