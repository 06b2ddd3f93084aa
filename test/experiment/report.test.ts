import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { configFields, parseConfig } from '../../src/config/index.js';
import { CONTRACT } from '../../src/datapath/version.js';
import { memoryCache } from '../../src/experiment/cache.js';
import {
  experiments,
  type Outcome,
  openLab,
  outcomeOf,
  readOutcomes,
  writeOutcome,
  writePage,
} from '../../src/experiment/index.js';
import { compactJson, csv } from '../../src/experiment/output.js';
import type { RunResult, RunSpec } from '../../src/experiment/spec.js';
import { temporaryFolder } from '../helpers/folder.js';

/** Some result of a run's shape, without the run. */
const made = ({ seed, epochs, judgements = 1, samples: { tasks = 1 }, engine, layers, time }: RunSpec): RunResult => {
  const accuracy = Array.from({ length: epochs * judgements * tasks }, (_, i) => 0.9 + 0.01 * i + 0.001 * seed);
  return {
    accuracy,
    training: Array.from({ length: epochs * tasks }, () => 0.95),
    ...(engine === 'integer' && {
      saturated: layers.slice(1).map(() => 0),
      frac: parseConfig({ name: 'made', layers: [...layers] }).frac,
    }),
    ...(time && { activity: { active: layers.slice(1, -1).map(() => 9), open: layers.slice(1, -1).map(() => 7) } }),
    ...(tasks > 1 && { tasks: Array.from({ length: tasks }, () => Array.from({ length: tasks }, () => 0.9)) }),
  };
};

const lab = (quick: boolean) =>
  openLab({ quick, cache: memoryCache(), pool: { run: async (spec) => made(spec), close: async () => {} } });

describe.each(experiments)('experiment $name', (experiment) => {
  test.each([true, false])('reports what it measured; quick: %s', async (quick) => {
    const report = await experiment.run(lab(quick));
    const names = Object.keys(report.rows[0]);
    for (const row of report.rows) expect(Object.keys(row)).toEqual(names);
    for (const { columns, rows } of report.tables) for (const row of rows) expect(row).toHaveLength(columns.length);
    expect(report.findings.length).toBeGreaterThan(0);
    expect([...report.findings, ...report.setting].join(' ')).not.toMatch(/undefined|NaN|Infinity/);
  });

  test('writes JSON, CSV and SVG, the same again, and a page', async () => {
    const report = await experiment.run(lab(true));
    const outcome = outcomeOf(experiment, report, `grapes-hw experiment ${experiment.name} --quick`);
    const [one, two] = [temporaryFolder(), temporaryFolder()];
    await writeOutcome(outcome, report, one, true);
    await writeOutcome(outcome, report, two, true);
    for (const ending of ['json', 'csv', 'svg']) {
      const file = `${experiment.name}.${ending}`;
      expect(readFileSync(join(one, file)).equals(readFileSync(join(two, file))), file).toBe(true);
    }
    expect(readFileSync(join(one, `${experiment.name}.svg`), 'utf8')).toMatch(/^<svg[^>]*>[\s\S]*<\/svg>\n$/);
    const outcomes = readOutcomes(one, [experiment.name, 'another']);
    expect(outcomes).toEqual([JSON.parse(JSON.stringify(outcome))]);
    const page = readFileSync(writePage(one, outcomes), 'utf8');
    expect(page).toContain(`## ${experiment.title}`);
    expect(page).toMatch(/^- \[.*\?\]\(#[a-z0-9-]+\)$/m);
    expect(page).toContain(`(${experiment.name}.svg)`);
    expect(page).toContain(outcome.command);
  });

  test('says which version of the contract its integers follow', async () => {
    const now = outcomeOf(experiment, await experiment.run(lab(true)), 'again');
    const { contract: _, ...earlier } = now;
    const folder = temporaryFolder();
    const page = (of: readonly Outcome[]): string => readFileSync(writePage(folder, of), 'utf8');
    expect(page([now])).toContain(`Integers follow version ${CONTRACT} of the numeric contract`);
    expect(page([earlier])).toContain('Integers follow version 1 of the numeric contract');
  });
});

describe('the recipe', () => {
  test('leaves configurations that are legal and go on', async () => {
    const { files } = await experiments[0].run(lab(false));
    for (const text of files?.values() ?? []) {
      const config = parseConfig(JSON.parse(text));
      expect(config.bits).toEqual({ weight: 8, activation: 8, error: 8 });
      expect(`${JSON.stringify(configFields(config), null, 2)}\n`).toBe(text);
    }
    expect(files?.has('recipe-256-256.json')).toBe(true);
  });
});

describe('files', () => {
  test('CSV quotes what needs it', () => {
    expect(
      csv([
        { a: 'x,y', b: 1 },
        { a: 'say "no"', b: 0.5 },
      ]),
    ).toBe('a,b\n"x,y",1\n"say ""no""",0.5\n');
  });

  test('JSON has objects of plain values on one line, and reads back', () => {
    const value = {
      name: 'x',
      rows: [
        { a: 1, b: [1, 2] },
        { a: 2, b: [] },
      ],
      nested: { deep: [{ c: { d: 1 } }] },
    };
    expect(JSON.parse(compactJson(value))).toEqual(value);
    expect(compactJson(value)).toContain('\n    { "a": 1, "b": [1, 2] },\n');
  });
});
