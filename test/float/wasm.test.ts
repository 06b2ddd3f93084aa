import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';

test('the compiled float kernels are those of the source', () => {
  const { status, stderr } = spawnSync('node_modules/.bin/tsx', ['scripts/float-kernels.ts', '--check'], {
    encoding: 'utf8',
  });
  expect(stderr).toBe('');
  expect(status).toBe(0);
});
