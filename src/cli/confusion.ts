import { table } from '../report/table.js';
import { grouped, percent } from './text.js';

/** Most classes whose whole matrix is shown. */
const MATRIX = 12;

const LONGEST = 16;

const shortened = (name: string): string => (name.length > LONGEST ? `${name.slice(0, LONGEST - 1)}…` : name);

/**
 * Test samples of each class (rows) by the class that they were taken for (columns), with the share that is right; of many
 * classes only the mistake that is most frequent.
 */
export const confusionText = (counts: readonly (readonly number[])[], classNames?: readonly string[]): string => {
  const name = (c: number): string => shortened(classNames?.[c] ?? String(c));
  const rows = counts.flatMap((row, c) => {
    const all = row.reduce((sum, n) => sum + n, 0);
    if (all === 0) return [];
    const right = percent(row[c] / all);
    if (counts.length <= MATRIX) return [[name(c), ...row.map(grouped), right]];
    const wrong = row.map((n, other) => (other === c ? 0 : n));
    const most = wrong.indexOf(Math.max(...wrong));
    return [[name(c), grouped(all), right, wrong[most] === 0 ? '-' : `${name(most)} (${grouped(wrong[most])})`]];
  });
  const header =
    counts.length <= MATRIX
      ? ['test: class, taken for', ...counts.map((_, c) => name(c)), 'right']
      : ['test: class', 'samples', 'right', 'most often wrong as'];
  return table(['left', ...header.slice(1).map((): 'right' => 'right')], [header, ...rows]);
};
