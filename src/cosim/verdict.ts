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
  /** contracts of modules that did not hold */
  readonly broken: readonly string[];
}

const problemOf = ({ kind, expected, compared, mismatches }: KindVerdict): string[] => [
  ...(mismatches === 0 ? [] : [`${kind}: ${mismatches} of ${compared} values differ`]),
  ...(compared === expected ? [] : [`${kind}: ${compared} values compared, must be ${expected}`]),
];

const problemsOf = (
  { mismatch, done, broken }: BenchLines,
  kinds: readonly KindVerdict[],
  total: { readonly compared: number; readonly mismatches: number; readonly samples: number | null },
): string[] => {
  const contracts = broken.map((rule) => `broken contract: ${rule}`);
  if (mismatch) return [...contracts, `the first difference: ${mismatch.kind}`];
  if (!done) return [...contracts, 'the testbench did not reach its end (no GRAPES DONE line)'];
  return [
    ...contracts,
    ...(total.samples === null || done.samples === total.samples
      ? []
      : [`${done.samples} samples run, must be ${total.samples}`]),
    ...(['compared', 'mismatches'] as const)
      .filter((sum) => done[sum] !== total[sum])
      .map((sum) => `the testbench's sum of ${sum} is ${done[sum]}, its kinds add up to ${total[sum]}`),
    ...kinds.flatMap(problemOf),
  ];
};

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
  const problems = problemsOf(lines, kinds, { compared, mismatches, samples });
  return {
    ok: problems.length === 0,
    kinds,
    compared,
    mismatches: Math.max(mismatches, lines.mismatch ? 1 : 0),
    problems,
    mismatch: lines.mismatch,
    broken: lines.broken,
  };
};
