import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { expect, onTestFinished, test } from 'vitest';
import { temporaryFolder } from '../helpers/folder.js';
import { grapes } from './grapes.js';

test('a full disk is one message, exit code 2, and nothing half-written', async (context) => {
  const folder = temporaryFolder();
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=96k', 'grapes-test', folder]).status === 0;
  if (!mounted) context.skip('needs root: a small file system is mounted');
  onTestFinished(() => {
    spawnSync('umount', [folder]);
  });
  for (const only of ['rtl', 'golden']) {
    const { code, stderr } = await grapes(folder, 'gen', '--preset', 'mnist-small', '--samples', '50', '--only', only);
    expect(stderr).toMatch(/^error: .*the disk is full; free some space and run again\n$/);
    expect(code).toBe(2);
    expect(readdirSync(folder)).toEqual([]);
  }
});
