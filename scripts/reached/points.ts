import { readFileSync } from 'node:fs';

/** One place that Verilator counts: a block or branch of statements, or a bit of a signal. */
export interface Point {
  readonly kind: 'block' | 'branch' | 'toggle';
  readonly file: string;
  /** where it begins */
  readonly line: number;
  readonly column: number;
  /** the kind of block or branch, or the bit */
  readonly name: string;
  /** of its statements: none for an else that is not written */
  readonly lines: readonly number[];
  readonly count: number;
}

const KINDS = { v_line: 'block', v_branch: 'branch', v_toggle: 'toggle' } as const;
const FIELD = '\u0001';
const VALUE = '\u0002';

/** `3-5,7` as lines. */
const linesOf = (ranges: string): number[] =>
  ranges === ''
    ? []
    : ranges.split(',').flatMap((range) => {
        const [first, last] = range.split('-').map(Number) as [number, number?];
        return Array.from({ length: (last ?? first) - first + 1 }, (_, index) => first + index);
      });

/** The counts that a Verilated model wrote: lines `C '<fields>' <count>`, a field being FIELD key VALUE value. */
export const readPoints = (path: string): Point[] =>
  readFileSync(path, 'utf8')
    .split('\n')
    .flatMap((text): Point[] => {
      const match = /^C '(.*)' (\d+)$/.exec(text);
      if (match === null) return [];
      const fields = new Map(
        (match[1] ?? '').split(FIELD).map((field): [string, string] => {
          const [key, value] = field.split(VALUE);
          return [key ?? '', value ?? ''];
        }),
      );
      const field = (key: string): string => fields.get(key) ?? '';
      const kind = KINDS[field('page').split('/')[0] as keyof typeof KINDS];
      if (kind === undefined) throw new Error(`${path}: ${text}`);
      const place = { file: field('f'), line: Number(field('l')), column: Number(field('n')) };
      return [{ kind, ...place, name: field('o'), lines: linesOf(field('S')), count: Number(match[2]) }];
    });
