import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openStage, thisProcess } from '../../src/files/index.js';
import { temporaryFolder } from '../helpers/folder.js';

const fill = (folder: string, text: string): void => {
  mkdirSync(folder);
  writeFileSync(join(folder, 'file'), text);
};

test('a committed folder takes the place of the one before', () => {
  const target = join(temporaryFolder(), 'out', 'design');
  for (const text of ['one', 'two']) {
    const stage = openStage(target);
    fill(stage.folder, text);
    stage.commit();
    stage.discard();
    expect(readFileSync(join(target, 'file'), 'utf8')).toBe(text);
    expect(readdirSync(join(target, '..'))).toEqual(['design']);
  }
});

test('a discarded folder leaves nothing, not even the folder above that it made', () => {
  const root = temporaryFolder();
  const stage = openStage(join(root, 'out', 'design'));
  mkdirSync(stage.folder);
  stage.discard();
  expect(existsSync(join(root, 'out'))).toBe(false);
});

/** The owner of a process that is gone. */
const gone = (): string => JSON.stringify({ ...thisProcess(), pid: spawnSync('true').pid });

test.each([
  ['of a process that is gone goes', gone, true],
  ['of a process that runs stays', () => JSON.stringify(thisProcess()), false],
  [
    'of an earlier process with the number of one that runs goes',
    () => JSON.stringify({ ...thisProcess(), started: 1 }),
    true,
  ],
  ['of another machine stays', () => JSON.stringify({ ...thisProcess(), host: 'elsewhere', pid: 1 }), false],
])('a temporary folder %s', (_, owner, goes) => {
  const parent = temporaryFolder();
  const left = join(parent, '.design-0123abcd');
  mkdirSync(left);
  writeFileSync(join(left, 'owner'), owner());
  const stage = openStage(join(parent, 'other'));
  stage.discard();
  expect(readdirSync(parent)).toEqual(goes ? [] : ['.design-0123abcd']);
});

test('a temporary folder without an owner goes once it is old, and only beside its own target', () => {
  const parent = temporaryFolder();
  const make = (name: string): void => {
    mkdirSync(join(parent, name));
    utimesSync(join(parent, name), new Date(0), new Date(0));
  };
  make('.design-0123abcd');
  make('.notes-0123abcd');
  mkdirSync(join(parent, '.design-ffffffff'));
  openStage(join(parent, 'design')).discard();
  expect(readdirSync(parent).sort()).toEqual(['.design-ffffffff', '.notes-0123abcd']);
});

test('a target that a killed process had moved aside comes back', () => {
  const parent = temporaryFolder();
  const left = join(parent, '.design-0123abcd');
  mkdirSync(left);
  writeFileSync(join(left, 'owner'), gone());
  fill(join(left, 'old'), 'precious');
  openStage(join(parent, 'design')).discard();
  expect(readFileSync(join(parent, 'design', 'file'), 'utf8')).toBe('precious');
  expect(readdirSync(parent)).toEqual(['design']);
});
