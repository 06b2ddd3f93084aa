/** Carries every experiment out with `--quick` and checks the files it leaves: they exist, read back and hold sane numbers. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { experiments, type Outcome } from '../src/experiment/index.js';
import { type Counts, writeResults } from './results.js';

const CLI = resolve('dist', 'cli', 'main.js');

/** Ten classes: guessing gets a tenth right. The best row of a quick experiment must do far better, half of them better. */
const BEST = 0.6;
const MEDIAN = 0.25;

const TIMEOUT = 120_000;

type Row = Outcome['rows'][number];

/** CSV without quotes, as the rows of experiments are, back to rows. */
const rowsOf = (csv: string): Record<string, string>[] => {
  const [names, ...lines] = csv
    .trimEnd()
    .split('\n')
    .map((line) => line.replaceAll(/"([^"]*)"/g, (_, cell: string) => cell.replaceAll(',', ';')).split(','));
  return lines.map((cells) => Object.fromEntries(names.map((name, i) => [name, cells[i]])));
};

const asText = (row: Row): Record<string, string> =>
  Object.fromEntries(Object.entries(row).map(([name, cell]) => [name, String(cell).replaceAll(',', ';')]));

const need = (holds: boolean, otherwise: string): void => {
  if (!holds) throw new Error(otherwise);
};

const checkRows = (rows: readonly Row[]): void => {
  const accuracies = rows.map(({ accuracy }) => Number(accuracy)).sort((a, b) => a - b);
  need(accuracies.length > 0, 'no rows');
  need(
    accuracies.every((accuracy) => accuracy >= 0 && accuracy <= 1),
    `an accuracy is no share: ${accuracies}`,
  );
  const median = accuracies[Math.floor(accuracies.length / 2)];
  const best = accuracies[accuracies.length - 1];
  need(median >= MEDIAN, `the median accuracy is ${median}, must be at least ${MEDIAN}`);
  need(best >= BEST, `the best accuracy is ${best}, must be at least ${BEST}`);
};

const check = (name: string, title: string, folder: string): void => {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [CLI, 'experiment', name, '--quick', '--out', folder],
    { encoding: 'utf8', timeout: TIMEOUT },
  );
  need(status === 0, `exit code ${status}\n${stdout}${stderr}`);
  const read = (file: string): string => readFileSync(join(folder, file), 'utf8');
  const outcome: Outcome = JSON.parse(read(`${name}.json`));
  need(outcome.name === name && outcome.command === `grapes-hw experiment ${name} --quick`, 'not its own JSON');
  checkRows(outcome.rows);
  const csv = rowsOf(read(`${name}.csv`));
  need(JSON.stringify(csv) === JSON.stringify(outcome.rows.map(asText)), 'CSV and JSON differ');
  const svg = read(`${name}.svg`);
  need(/^<svg[\s\S]*<\/svg>\n$/.test(svg) && !svg.includes('NaN'), 'no SVG, or one with NaN in it');
  need(read('README.md').includes(`## ${title}\n`), 'the page lacks its section');
};

const folder = mkdtempSync(join(tmpdir(), 'grapes-experiments-'));
const counts = { passed: 0, failed: 0 } satisfies Counts;
try {
  for (const { name, title } of experiments) {
    const start = performance.now();
    try {
      check(name, title, folder);
      counts.passed++;
      console.log(`experiments: ${name} (${((performance.now() - start) / 1000).toFixed(1)} s)`);
    } catch (error) {
      counts.failed++;
      console.error(`experiments: ${name}: ${error instanceof Error ? error.message : error}`);
    }
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
writeResults('experiments', counts);
console.log(`experiments: ${counts.passed} passed, ${counts.failed} failed`);
process.exitCode = counts.failed > 0 ? 1 : 0;
