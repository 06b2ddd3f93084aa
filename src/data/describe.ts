import type { Features } from '../fx/features.js';
import { quantised } from '../fx/format.js';
import { identity } from '../fx/random.js';
import { type FileKind, readParts } from './files.js';
import { classesOf } from './labels.js';
import { type FileOptions, fitted, requireSameFeatures, unscaled } from './prepare.js';
import { momentsOf, type ScalingKind, scaled } from './scaling.js';
import { DEFAULT_SPLIT, stratified } from './split.js';
import { featureName, pick, type Table } from './table.js';

/** One feature over the training samples, before scaling. */
export interface FeatureFacts {
  readonly name: string;
  readonly min: number;
  readonly max: number;
  readonly mean: number;
  readonly deviation: number;
  /** share of the samples, 0..1 */
  readonly zeros: number;
}

export interface ClassFacts {
  readonly name: string;
  readonly train: number;
  readonly test: number;
}

/** What an input format of `bits` bits does to the scaled features of the training part. */
export interface FormatFacts {
  readonly bits: number;
  /** shares of all features that are 0, that are not 0 but become 0, and that saturate */
  readonly zeros: number;
  readonly vanish: number;
  readonly saturate: number;
  /** different values that are left of a feature that has most of them */
  readonly levels: number;
}

/** What is in files of samples. */
export interface Description {
  readonly train: number;
  /** samples to test with, and whether they have a file of their own */
  readonly test: number;
  readonly ownTest: boolean;
  /** the labels' column, where a file has others */
  readonly label?: string;
  readonly classes: readonly ClassFacts[];
  readonly features: readonly FeatureFacts[];
  /** how they would be taken: bytes as pixels, numbers as they are, or not without a scaling */
  readonly taken: 'pixels' | 'numbers' | 'scaled' | 'refused';
  /** the scaling that the formats are shown for */
  readonly scaling: ScalingKind;
  readonly formats: readonly FormatFacts[];
}

const WIDTHS = [4, 6, 8, 12, 16];

const zerosOf = ({ values, inputs, count }: Table): Float64Array => {
  const zeros = new Float64Array(inputs);
  for (let at = 0, j = 0; at < values.length; at++, j = j + 1 === inputs ? 0 : j + 1) if (values[at] === 0) zeros[j]++;
  return zeros.map((n) => n / count);
};

const featuresOf = (table: Table): FeatureFacts[] => {
  const { min, max, mean, deviation } = momentsOf(table.values, table.inputs, identity(table.count));
  const zeros = zerosOf(table);
  return Array.from(min, (least, j) => ({
    name: featureName(table, j),
    min: least,
    max: max[j],
    mean: mean[j],
    deviation: deviation[j],
    zeros: zeros[j],
  }));
};

/** Most features that the formats are tried on. */
const ENOUGH = 2 ** 18;

/** The features of samples evenly spread over all, as many as are enough. */
const some = (features: Features, inputs: number): Features => {
  const stride = inputs * Math.ceil(features.length / ENOUGH);
  return stride === inputs ? features : features.filter((_: number, at: number) => at % stride < inputs);
};

const formatFacts = (features: Features, bits: number): FormatFacts => {
  const format = { bits, frac: bits - 1 };
  const unit = features instanceof Uint8Array ? 255 : 1;
  const levels = new Set<number>();
  let [zeros, vanish, saturate] = [0, 0, 0];
  for (const value of features) {
    const v = value / unit;
    const x = quantised(v, format);
    levels.add(x);
    if (v === 0) zeros++;
    else if (x === 0) vanish++;
    if (Math.abs(v * 2 ** format.frac - x) > 0.5) saturate++;
  }
  const share = (n: number): number => n / features.length;
  return { bits, zeros: share(zeros), vanish: share(vanish), saturate: share(saturate), levels: levels.size };
};

const sizesOf = (labels: Uint16Array, classes: number): number[] => {
  const sizes = new Array<number>(classes).fill(0);
  for (const label of labels) sizes[label]++;
  return sizes;
};

/** A scaling that suits features of which nothing is said: one that leaves zeros alone where there are many. */
const suited = (features: readonly FeatureFacts[]): ScalingKind => {
  const sparse = features.filter(({ min, zeros }) => min === 0 && zeros > 0.2).length;
  return sparse > features.length / 2 ? 'minmax' : 'standard';
};

/**
 * Says what is in files of samples: how many there are of each class, what features are like, and what becomes of them.
 * @throws UserError for files that cannot be read
 */
export const describe = (kind: FileKind, paths: string, options: FileOptions): Description => {
  const read = readParts(kind, paths, options);
  if (read.test !== undefined) requireSameFeatures(read.train, read.test);
  const tables = read.test === undefined ? [read.train] : [read.train, read.test];
  const outputs = new Set(tables.flatMap(({ labels }) => labels.texts)).size;
  const classes = classesOf(tables, outputs, options.classNames);
  const kept = stratified(classes.of(read.train), options.split ?? DEFAULT_SPLIT);
  const { train, test } =
    read.test === undefined
      ? { train: pick(read.train, kept.train), test: pick(read.train, kept.test) }
      : { train: read.train, test: read.test };
  const features = featuresOf(train);
  const asked = options.scaling ?? 'none';
  const plain = asked === 'none' ? unscaled([train, test]) : undefined;
  const scaling = asked === 'none' && plain === undefined ? suited(features) : asked;
  const numbers = fitted(scaling, train);
  const sample = some(plain?.[0] ?? train.values, train.inputs);
  const taken = numbers ? scaled(sample, numbers) : sample;
  const [trained, tested] = [train, test].map((table) => sizesOf(classes.of(table), outputs));
  return {
    train: train.count,
    test: test.count,
    ownTest: read.test !== undefined,
    ...(train.labels.column !== undefined && { label: train.labels.column }),
    classes: Array.from({ length: outputs }, (_, c) => ({
      name: classes.names?.[c] ?? String(c),
      train: trained[c],
      test: tested[c],
    })),
    features,
    taken:
      asked !== 'none'
        ? 'scaled'
        : plain === undefined
          ? 'refused'
          : taken instanceof Uint8Array
            ? 'pixels'
            : 'numbers',
    scaling: typeof scaling === 'string' ? scaling : scaling.kind,
    formats: WIDTHS.map((bits) => formatFacts(taken, bits)),
  };
};
