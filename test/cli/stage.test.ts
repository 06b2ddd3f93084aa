import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { report } from '../../src/cli/failure.js';
import { openStage } from '../../src/cli/stage.js';
import { temporaryFolder } from '../helpers/folder.js';

const any = (): boolean => true;

test('a committed folder takes the place of the one before', () => {
  const target = join(temporaryFolder(), 'out', 'design');
  for (const text of ['one', 'two']) {
    const stage = openStage(target, any, '--out');
    mkdirSync(stage.folder);
    writeFileSync(join(stage.folder, 'file'), text);
    stage.commit();
    stage.discard();
    expect(readFileSync(join(target, 'file'), 'utf8')).toBe(text);
    expect(readdirSync(join(target, '..'))).toEqual(['design']);
  }
});

test('a discarded folder leaves nothing, not even the folder above that it made', () => {
  const root = temporaryFolder();
  const stage = openStage(join(root, 'out', 'design'), any, '--out');
  mkdirSync(stage.folder);
  stage.discard();
  expect(existsSync(join(root, 'out'))).toBe(false);
});

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
