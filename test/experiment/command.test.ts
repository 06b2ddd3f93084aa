import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { grapes } from '../cli/grapes.js';
import { temporaryFolder } from '../helpers/folder.js';

const QUICK = ['experiment', 'recipe', '--quick', '--seeds', '1', '--out', 'results'] as const;

describe('grapes-hw experiment', () => {
  test('writes table, plot, CSV, JSON and the page, and goes on where it stopped', async () => {
    const folder = temporaryFolder();
    const first = await grapes(folder, ...QUICK);
    expect(first).toMatchObject({ code: 0 });
    expect(first.stdout).toContain('Test accuracy of strict 8-bit training');
    const out = join(folder, 'results');
    expect(readdirSync(out).sort()).toEqual(['.runs.jsonl', 'README.md', 'recipe.csv', 'recipe.json', 'recipe.svg']);
    const { command } = JSON.parse(readFileSync(join(out, 'recipe.json'), 'utf8'));
    expect(command).toBe('grapes-hw experiment recipe --quick --seeds 1');
    const runs = readFileSync(join(out, '.runs.jsonl'), 'utf8');
    const json = readFileSync(join(out, 'recipe.json'), 'utf8');
    expect(await grapes(folder, ...QUICK)).toMatchObject({ code: 0, stdout: first.stdout });
    expect(readFileSync(join(out, '.runs.jsonl'), 'utf8')).toBe(runs);
    expect(await grapes(folder, ...QUICK, '--fresh', '--threads', '0')).toMatchObject({ code: 0 });
    expect(readFileSync(join(out, 'recipe.json'), 'utf8')).toBe(json);
  });

  test.each([
    [['nonsense'], /Allowed choices are recipe, control/],
    [['recipe', '--seeds', '0'], /whole number, 1 to/],
    [['recipe', '--quick', '--out', 'file'], /file/],
  ])('%j is refused in one clear message', async (parameters, message) => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'file'), '');
    const { code, stderr } = await grapes(folder, 'experiment', ...parameters);
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/ {4}at /);
  });
});
