import type { BenchLines, Mismatch } from './lines.js';

/** One kind of value in a run: how many had to be compared, how many were, how many differed. */
export interface KindVerdict {
  readonly kind: string;
  readonly expected: number;
  readonly compared: number;
  readonly mismatches: number;
}

export interface Verdict {
  readonly ok: boolean;
  readonly kinds: readonly KindVerdict[];
  readonly compared: number;
  readonly mismatches: number;
  /** why it is no pass, one sentence each; empty if `ok` */
  readonly problems: readonly string[];
  readonly mismatch: Mismatch | null;
}

const problemOf = ({ kind, expected, compared, mismatches }: KindVerdict): string[] => [
  ...(mismatches === 0 ? [] : [`${kind}: ${mismatches} of ${compared} values differ`]),
  ...(compared === expected ? [] : [`${kind}: ${compared} values compared, must be ${expected}`]),
];

/**
 * Judges a run: it passes only if the testbench reached its end, every kind was compared exactly as often as expected,
 * and nothing differed. A kind that is missing, short or not a number is a failure.
 */
export const judge = (
  lines: BenchLines,
  expected: Readonly<Record<string, number>>,
  samples: number | null,
): Verdict => {
  const seen = new Map(lines.counts.map((count) => [count.kind, count]));
  const names = new Set([...Object.keys(expected), ...seen.keys()]);
  const kinds = [...names].map((kind) => ({
    kind,
    expected: expected[kind] ?? 0,
    compared: seen.get(kind)?.compared ?? 0,
    mismatches: seen.get(kind)?.mismatches ?? 0,
  }));
  const compared = kinds.reduce((total, kind) => total + kind.compared, 0);
  const mismatches = kinds.reduce((total, kind) => total + kind.mismatches, 0);
  const problems = lines.mismatch
    ? [`the first difference: ${lines.mismatch.kind}`]
    : [
        ...(lines.done ? [] : ['the testbench did not reach its end (no GRAPES DONE line)']),
        ...(lines.done && samples !== null && lines.done.samples !== samples
          ? [`${lines.done.samples} samples run, must be ${samples}`]
          : []),
        ...(lines.done && lines.done.mismatches !== mismatches
          ? [`the testbench's sum of mismatches is ${lines.done.mismatches}, its kinds add up to ${mismatches}`]
          : []),
        ...(lines.done && lines.done.compared !== compared
          ? [`the testbench's sum of values is ${lines.done.compared}, its kinds add up to ${compared}`]
          : []),
        ...kinds.flatMap(problemOf),
      ];
  return {
    ok: problems.length === 0,
    kinds,
    compared,
    mismatches: Math.max(mismatches, lines.mismatch ? 1 : 0),
    problems,
    mismatch: lines.mismatch,
  };
};
