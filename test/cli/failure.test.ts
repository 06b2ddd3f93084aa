import { expect, test, vi } from 'vitest';
import { report } from '../../src/cli/failure.js';

test('a full disk is one line and exit code 2', () => {
  const said = vi.spyOn(console, 'error').mockImplementation(() => {});
  const full = Object.assign(new Error('ENOSPC: no space left on device, write'), {
    code: 'ENOSPC',
    path: 'out/a.mem',
  });
  expect(report(full)).toBe(2);
  expect(said.mock.calls).toEqual([[expect.stringContaining('out/a.mem: the disk is full')]]);
  said.mockRestore();
});

test('a fault of ours is not exit code 1, which says that a value differs', () => {
  const said = vi.spyOn(console, 'error').mockImplementation(() => {});
  expect(report(new TypeError('x is not a function'))).toBe(2);
  said.mockRestore();
});
