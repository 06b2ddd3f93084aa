import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { grapes, main } from './grapes.js';

const NOBODY = ['--reuid=65534', '--regid=65534', '--clear-groups', process.execPath];

/** Root may read and write everything: where tests run as root, the command runs as nobody. */
const isRoot = process.getuid?.() === 0;
const reason =
  isRoot && spawnSync('setpriv', [...NOBODY, main, '--version']).status !== 0
    ? 'needs a user that is not root, or setpriv and a folder that everybody may read'
    : null;

const asNobody = (cwd: string, ...parameters: string[]) => {
  const command = isRoot ? ['setpriv', ...NOBODY] : [process.execPath];
  const { status, stdout, stderr } = spawnSync(command[0], [...command.slice(1), main, ...parameters], {
    cwd,
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
};

let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'grapes-test-'));
  await grapes(folder, 'gen', '--preset', 'tiny', '--samples', '3');
  await grapes(folder, 'train', '--preset', 'tiny', '--samples', '50', '--checkpoint', 'run');
  await grapes(folder, 'init');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.skipIf(reason)(`what must not be written or read is not called missing ${reason ?? ''}`, () => {
  test.each([
    [['gen', '--preset', 'tiny'], 'rtl-out'],
    [['gen', '--preset', 'tiny', '--out', 'new'], 'new'],
    [['verify', '--no-lint', '--sim', 'icarus'], 'build'],
    [['verify', '--wave', 'a.vcd'], 'a.vcd'],
    [['train', '--preset', 'tiny', '--samples', '50', '--checkpoint', 'run', '--resume'], 'run/seed-1.checkpoint'],
    [['train', '--preset', 'tiny', '--checkpoint', 'new'], 'new'],
    [['train', '--preset', 'tiny', '--log', 'a.jsonl'], 'a.jsonl'],
    [['export', 'run'], '.'],
    [['init', 'a.json'], 'a.json'],
    [['experiment', 'control', '--quick'], 'results/.runs.jsonl'],
  ])('read-only: %j', (parameters, named) => {
    for (const path of ['rtl-out', 'golden', 'run', '.']) chmodSync(join(folder, path), 0o555);
    const { status, stderr } = asNobody(folder, ...parameters);
    for (const path of ['.', 'rtl-out', 'golden', 'run']) chmodSync(join(folder, path), 0o755);
    expect(stderr).toBe(
      `error: ${named === '.' ? folder : named}: permission denied; choose another folder or change its permissions\n`,
    );
    expect(status).toBe(2);
  });

  test.each([
    [['verify', 'tiny'], 'rtl-out', 'rtl-out'],
    [['verify', 'tiny'], 'rtl-out/tiny', 'rtl-out/tiny/config.json'],
    [['verify'], 'rtl-out/tiny', 'rtl-out/tiny/config.json'],
    [['verify', 'tiny'], 'golden', 'golden/tiny'],
    [['gen', '--preset', 'tiny'], 'golden/tiny', 'golden/tiny'],
    [['export', 'run'], 'run', 'run'],
    [['train', '--preset', 'tiny', '--checkpoint', 'run', '--resume'], 'run', 'run'],
    [['gen', '--config', 'grapes.json'], 'grapes.json', 'grapes.json'],
  ])('unreadable: %j', (parameters, path, named) => {
    for (const open of ['.', 'rtl-out', 'golden']) chmodSync(join(folder, open), 0o777);
    chmodSync(join(folder, path), 0o000);
    const { status, stderr } = asNobody(folder, ...parameters);
    chmodSync(join(folder, path), 0o755);
    for (const open of ['.', 'rtl-out', 'golden']) chmodSync(join(folder, open), 0o755);
    expect(stderr).toBe(`error: ${named}: permission denied; choose another folder or change its permissions\n`);
    expect(status).toBe(2);
  });
});
