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
