/** Values of one kind that a testbench compared in a run. */
export interface Count {
  readonly kind: string;
  readonly compared: number;
  readonly mismatches: number;
}

/** The first difference of a run, as the testbench prints it: indices that do not apply are -1, layers count from 1. */
export interface Mismatch {
  readonly kind: string;
  readonly sample: number;
  readonly layer: number;
  readonly row: number;
  readonly column: number;
  /** hexadecimal, the value modulo 2^bits; x and z where the simulator has no value */
  readonly expected: string;
  readonly actual: string;
  readonly bits: number;
  readonly cycle: number;
}

/** What the lines of one run say. */
export interface BenchLines {
  readonly counts: readonly Count[];
  readonly mismatch: Mismatch | null;
  /** contracts of modules that did not hold */
  readonly broken: readonly string[];
  readonly cycles: { readonly steps: number; readonly total: number } | null;
  /** null: the testbench did not reach its end */
  readonly done: { readonly samples: number; readonly compared: number; readonly mismatches: number } | null;
}

const PREFIX = 'GRAPES ';

type Fields = Readonly<Record<string, string>>;

const number = (fields: Fields, name: string): number =>
  fields[name] === undefined ? Number.NaN : Number(fields[name]);

const count = (fields: Fields): Count => ({
  kind: fields.kind ?? '',
  compared: number(fields, 'compared'),
  mismatches: number(fields, 'mismatches'),
});

const mismatch = (fields: Fields): Mismatch => ({
  kind: fields.kind ?? '',
  sample: number(fields, 'sample'),
  layer: number(fields, 'layer'),
  row: number(fields, 'row'),
  column: number(fields, 'column'),
  expected: (fields.expected ?? '').toLowerCase(),
  actual: (fields.actual ?? '').toLowerCase(),
  bits: number(fields, 'bits'),
  cycle: number(fields, 'cycle'),
});

/** Splits `GRAPES WORD a=1 b=2` (spaces after `=` allowed, as `$display` pads numbers); null for any other line. */
export const parseLine = (line: string): { readonly word: string; readonly fields: Fields } | null => {
  if (!line.startsWith(PREFIX)) return null;
  const [word, ...rest] = line
    .slice(PREFIX.length)
    .trim()
    .split(/\s+(?=\S)/);
  const fields = Object.fromEntries(
    [...rest.join(' ').matchAll(/([a-z_]+)=\s*(\S+)/g)].map(([, name, value]) => [name, value]),
  );
  return { word, fields };
};

/** Reads a testbench's output; the first MISMATCH line counts, other lines are ignored. */
export const parseBench = (output: string): BenchLines => {
  const parsed = output.split('\n').flatMap((line) => parseLine(line) ?? []);
  const fieldsOf = (word: string): Fields[] => parsed.filter((line) => line.word === word).map((line) => line.fields);
  const first = fieldsOf('MISMATCH')[0];
  const cycles = fieldsOf('CYCLES').at(-1);
  const done = fieldsOf('DONE').at(-1);
  return {
    counts: fieldsOf('COUNT').map(count),
    mismatch: first ? mismatch(first) : null,
    broken: output.split('\n').flatMap((line) => /^GRAPES BROKEN (.+?)\s*$/.exec(line)?.[1] ?? []),
    cycles: cycles ? { steps: number(cycles, 'steps'), total: number(cycles, 'total') } : null,
    done: done
      ? {
          samples: number(done, 'samples'),
          compared: number(done, 'compared'),
          mismatches: number(done, 'mismatches'),
        }
      : null,
  };
};
