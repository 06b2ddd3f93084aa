/** From a CSV of 150 rows to a trained and verified core in three commands: those of the README. */
import { copyFileSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { grapes } from '../cli/grapes.js';
import { temporaryFolder } from '../helpers/folder.js';

/** The commands of the README's section, without the `$`. */
const commands = (): string[][] => {
  const [, section] = /## Your own data\n(.*?)\n## /s.exec(readFileSync('README.md', 'utf8')) ?? [];
  return [...(section ?? '').matchAll(/^ {4}\$ grapes-hw ((?:.*\\\n)*.*)$/gm)].map(([, line]) =>
    line.replaceAll('\\\n', ' ').trim().split(/\s+/),
  );
};

it('three commands train a core on flowers, and at least 90 % of those it has not seen are right', async () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'docs'));
  copyFileSync(join('docs', 'iris.csv'), join(folder, 'docs', 'iris.csv'));
  const [train, gen, verify] = commands().filter(([command]) => command !== 'data');
  expect([train[0], gen[0], verify[0]]).toEqual(['train', 'gen', 'verify']);
  const run = async (...parameters: string[]) => {
    const { code, stdout, stderr } = await grapes(folder, ...parameters);
    expect([code, /error/.test(stderr)]).toEqual([0, false]);
    return JSON.parse(stdout);
  };
  const trained = await run(...train, '--json');
  expect(trained.classes).toEqual(['setosa', 'versicolor', 'virginica']);
  const accuracy = trained.epochs.at(-1).testAccuracy;
  expect(accuracy).toBeGreaterThanOrEqual(0.9);
  await run(...gen, '--json');
  const verified = await run(...verify, '--json');
  expect(verified).toMatchObject({ ok: true });
  expect(verified.epochs.at(-1).testAccuracy).toBe(accuracy);
}, 300_000);
