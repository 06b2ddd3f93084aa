import { UserError } from '../fx/error.js';

/** Labels as a file has them: sample n has `texts[codes[n]]`. */
export interface RawLabels {
  /** the file, for messages */
  readonly file: string;
  /** the column or array that they are, where there are others: `species`, `column 4` */
  readonly column?: string;
  readonly codes: Int32Array;
  /** each label that occurs, in the order of the first samples that have it */
  readonly texts: readonly string[];
}

/** Samples as a file has them, before scaling and before anything is known of a network. */
export interface Table {
  /** the file, for messages */
  readonly file: string;
  readonly count: number;
  /** features a sample */
  readonly inputs: number;
  /** count x inputs; bytes where all are whole numbers 0..255 */
  readonly values: Uint8Array | Float64Array;
  readonly labels: RawLabels;
  /** the features' names, where the file has them */
  readonly names?: readonly string[];
  /** bytes are pixels whatever their range */
  readonly pixels?: boolean;
  /** where a sample is in the file, for messages: `line 7` */
  readonly placeOf: (sample: number) => string;
}

/** Shows how far a long read is. */
export type OnRead = (done: number, total: number, unit: string) => void;

/** Collects labels. */
export const labelCodes = (): { readonly codeOf: (text: string) => number; readonly texts: readonly string[] } => {
  const codes = new Map<string, number>();
  const texts: string[] = [];
  return {
    texts,
    codeOf: (text) => {
      const known = codes.get(text);
      if (known !== undefined) return known;
      codes.set(text, texts.length);
      texts.push(text);
      return texts.length - 1;
    },
  };
};

/** The name of a feature, for messages: `petal_width`, or `feature 3`. */
export const featureName = ({ names }: Pick<Table, 'names'>, feature: number): string =>
  names?.[feature] ?? `feature ${feature + 1}`;

/** Some of a table's samples, in the order given. */
export const pick = (table: Table, samples: Uint32Array): Table => {
  const { inputs, values, labels, placeOf } = table;
  const kept =
    values instanceof Uint8Array ? new Uint8Array(samples.length * inputs) : new Float64Array(samples.length * inputs);
  samples.forEach((n, at) => {
    kept.set(values.subarray(n * inputs, (n + 1) * inputs), at * inputs);
  });
  return {
    ...table,
    count: samples.length,
    values: kept,
    labels: { ...labels, codes: Int32Array.from(samples, (n) => labels.codes[n]) },
    placeOf: (n) => placeOf(samples[n]),
  };
};

/** @throws UserError for a table without samples */
export const requireSamples = (table: Table): Table => {
  if (table.count > 0) return table;
  throw new UserError(`${table.file}: holds no samples, must hold at least one`, { field: table.file });
};
