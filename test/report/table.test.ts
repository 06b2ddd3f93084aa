import { expect, it } from 'vitest';
import { table } from '../../src/report/table.js';

it('aligns columns and leaves no trailing blanks', () => {
  expect(
    table(
      ['left', 'right', 'left'],
      [
        ['a', '1', 'x'],
        ['bcd', '200', ''],
      ],
    ),
  ).toBe('  a      1  x\n  bcd  200');
});

it('keeps a row on one line', () => {
  expect(table(['left', 'left'], [['a\nb', 'say "c"\t']])).toBe('  a\\nb  say "c"\\t');
});
