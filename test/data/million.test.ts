/** A million rows load in seconds, with progress, in a heap that does not grow with them; and a Ctrl-C is heard meanwhile. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { start } from '../cli/grapes.js';

const ROWS = 1_000_000;
const KINDS = ['ant', 'bee', 'cat'];

/** What a command may take in all: Node with our code takes 90 MB, the features as read and as divided 24 MB each. */
const MOST_MEGABYTES = 280;
const SAY_MEMORY =
  "--import=data:text/javascript,process.on('exit',()=>console.error('peak',process.resourceUsage().maxRSS))";

const folder = mkdtempSync(join(tmpdir(), 'grapes-test-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const parameters = ['data', 'many.csv', '--scaling', 'standard', '--json'];

beforeAll(() => {
  const line = (n: number): string => `${(n % 977) / 8},${-n % 13},${(n % 1009) * 1e-3},${KINDS[n % 3]}`;
  writeFileSync(
    join(folder, 'many.csv'),
    `a,b,c,kind\n${Array.from({ length: ROWS }, (_, n) => line(n)).join('\n')}\n`,
  );
});

it('a CSV of a million rows', async () => {
  const { code, stdout, stderr } = await start(folder, parameters, {
    NODE_OPTIONS: `--max-old-space-size=64 ${SAY_MEMORY}`,
  }).outcome;
  expect(code).toBe(0);
  const { train, test, classes, features } = JSON.parse(stdout);
  expect(train + test).toBe(ROWS);
  expect(classes.map(({ name }: { name: string }) => name)).toEqual(KINDS);
  expect(features.map(({ min, max }: { min: number; max: number }) => [min, max])).toEqual([
    [0, 122],
    [-12, 0],
    [0, 1.008],
  ]);
  const [, kilobytes] = /^peak (\d+)$/m.exec(stderr) ?? [];
  expect(Number(kilobytes) / 1024).toBeGreaterThan(50);
  expect(Number(kilobytes) / 1024).toBeLessThan(MOST_MEGABYTES);
}, 60_000);

it('Ctrl-C while it loads', async () => {
  const running = start(folder, parameters, {
    NODE_OPTIONS:
      "--import=data:text/javascript,process.on('newListener',(name)=>name==='SIGINT'&&console.error('begun'))",
  });
  while (!running.said().includes('begun')) await pause(20);
  await pause(200);
  const before = performance.now();
  running.kill('SIGINT');
  const { code, stdout, stderr } = await running.outcome;
  expect(code).toBe(2);
  expect(stdout).toBe('');
  expect(stderr).toContain('interrupted (SIGINT)');
  expect(performance.now() - before).toBeLessThan(2000);
}, 60_000);
