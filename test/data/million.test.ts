/** A million rows load in seconds, with progress, in a heap that does not grow with them. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { start } from '../cli/grapes.js';
import { temporaryFolder } from '../helpers/folder.js';

const ROWS = 1_000_000;
const KINDS = ['ant', 'bee', 'cat'];

it('a CSV of a million rows', async () => {
  const folder = temporaryFolder();
  const line = (n: number): string => `${(n % 977) / 8},${-n % 13},${(n % 1009) * 1e-3},${KINDS[n % 3]}`;
  writeFileSync(
    join(folder, 'many.csv'),
    `a,b,c,kind\n${Array.from({ length: ROWS }, (_, n) => line(n)).join('\n')}\n`,
  );
  const parameters = ['data', 'many.csv', '--scaling', 'standard', '--json'];
  const { code, stdout } = await start(folder, parameters, { NODE_OPTIONS: '--max-old-space-size=64' }).outcome;
  expect(code).toBe(0);
  const { train, test, classes, features } = JSON.parse(stdout);
  expect(train + test).toBe(ROWS);
  expect(classes.map(({ name }: { name: string }) => name)).toEqual(KINDS);
  expect(features.map(({ min, max }: { min: number; max: number }) => [min, max])).toEqual([
    [0, 122],
    [-12, 0],
    [0, 1.008],
  ]);
}, 60_000);
