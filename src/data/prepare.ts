import { UserError } from '../fx/error.js';
import type { Features } from '../fx/features.js';
import { type FileKind, type ReadOptions, readParts } from './files.js';
import { absentClasses, classesOf } from './labels.js';
import { fitScaling, type Scaling, type ScalingKind, scaled } from './scaling.js';
import { DEFAULT_SPLIT, stratified, type TestShare } from './split.js';
import { featureName, pick, type Table } from './table.js';

/** How the samples of files become those of a network. */
export interface FileOptions extends ReadOptions {
  /** names of the classes, in the order of the outputs; default: by {@link classesOf} */
  readonly classNames?: readonly string[];
  /** default none */
  readonly scaling?: ScalingKind | Scaling;
  /** what is kept for testing where no file says so */
  readonly split?: TestShare;
}

/** A part of a set. */
export interface Part {
  readonly table: Table;
  readonly features: Features;
  readonly labels: Uint16Array;
}

/** @throws UserError for a test part whose features are others, or in another order */
export const requireSameFeatures = (train: Table, test: Table): void => {
  const fail = (text: string): never => {
    throw new UserError(`${test.file}: has ${text} like ${train.file}`, { field: test.file });
  };
  if (test.inputs !== train.inputs) fail(`${test.inputs} features, must have ${train.inputs}`);
  const at = train.names?.findIndex((name, j) => test.names !== undefined && test.names[j] !== name) ?? -1;
  if (at >= 0) fail(`${featureName(test, at)} as feature ${at + 1}, must have ${featureName(train, at)}`);
};

/** Both parts of a set from files, and what was found out on the way. */
export interface Prepared {
  readonly train: Part;
  readonly test: Part;
  readonly classNames?: readonly string[];
  /** the labels' column, where a file has others */
  readonly label?: string;
  readonly scaling?: Scaling;
  /** sentences on what may not be what was meant */
  readonly warnings: readonly string[];
}

const wholeBytes = (v: number): boolean => Number.isInteger(v) && v >= 0 && v <= 255;
const withinOne = (v: number): boolean => v >= -1 && v <= 1;

const refuseUnscaled = (tables: readonly Table[]): never => {
  const table = tables.find(({ values }) => values instanceof Float64Array) ?? tables[0];
  const { file, values, inputs, placeOf } = table;
  const beyond = values.findIndex((v: number) => !wholeBytes(v) && !withinOne(v));
  const at = beyond >= 0 ? beyond : values.findIndex((v: number) => !wholeBytes(v));
  throw new UserError(
    `${file}: ${placeOf(Math.floor(at / inputs))} has ${values[at]} as ${featureName(table, at % inputs)}, but features are whole ` +
      'numbers 0..255 (pixels) or numbers -1..1; add --scaling minmax, or see what is in it with grapes-hw data',
    { field: 'scaling' },
  );
};

/**
 * Features as they are: bytes as pixels, unless none is above 1; numbers of [-1, 1] as themselves; undefined where they are
 * neither.
 */
export const unscaled = (tables: readonly Table[]): Features[] | undefined => {
  const bytes = tables.flatMap(({ values }) => (values instanceof Uint8Array ? [values] : []));
  const pixels = tables.some((table) => table.pixels) || bytes.some((values) => values.some((p) => p > 1));
  if (pixels && bytes.length === tables.length) return bytes;
  if (!tables.every(({ values }) => values.every(withinOne))) return undefined;
  return tables.map(({ values }) => (values instanceof Float64Array ? values : Float64Array.from(values)));
};

const divided = (table: Table, labels: Uint16Array, split: TestShare): { train: Table; test: Table } => {
  const parts = stratified(labels, split);
  if (parts.test.length === 0) {
    throw new UserError(
      `${table.file}: has too few samples (${table.count}) to keep a share of ${split.test} of each class for testing; raise it with --split or name a test file`,
      { field: 'split' },
    );
  }
  return { train: pick(table, parts.train), test: pick(table, parts.test) };
};

/** The numbers of a scaling; undefined for none. @throws UserError for those of other data */
export const fitted = (scaling: FileOptions['scaling'], { values, inputs, count }: Table): Scaling | undefined => {
  if (scaling === undefined || scaling === 'none') return undefined;
  if (typeof scaling === 'string')
    return fitScaling(
      scaling,
      values,
      inputs,
      Uint32Array.from({ length: count }, (_, n) => n),
    );
  if (scaling.offset.length === inputs) return scaling;
  throw new UserError(
    `scaling: was fitted to ${scaling.offset.length} features, but the data have ${inputs}; set it to "${scaling.kind}" to fit it again`,
    { field: 'scaling' },
  );
};

const stillFeatures = (table: Table, { scale }: Scaling): string[] => {
  const still = scale.flatMap((factor, j) => (factor === 0 ? [featureName(table, j)] : []));
  if (still.length === 0) return [];
  const list = still.length > 5 ? `${still.slice(0, 5).join(', ')} and ${still.length - 5} more` : still.join(', ');
  return [`${list}: the same in every training sample, becomes 0`];
};

/**
 * Reads samples from files and makes of them what a network takes: labels become classes, features are scaled by what the
 * training part shows, and where the files do not say what to test with, a share of every class is kept for it.
 * @throws UserError for files that cannot be read, labels or features that do not say what they mean
 */
export const prepare = (kind: FileKind, paths: string, outputs: number, options: FileOptions): Prepared => {
  const read = readParts(kind, paths, options);
  if (read.test !== undefined) requireSameFeatures(read.train, read.test);
  const tables = read.test === undefined ? [read.train] : [read.train, read.test];
  const classes = classesOf(tables, outputs, options.classNames);
  const { train, test } =
    read.test === undefined
      ? divided(read.train, classes.of(read.train), options.split ?? DEFAULT_SPLIT)
      : { train: read.train, test: read.test };
  const scaling = fitted(options.scaling, train);
  const [trainFeatures, testFeatures] = scaling
    ? [scaled(train.values, scaling), scaled(test.values, scaling)]
    : (unscaled([train, test]) ?? refuseUnscaled([train, test]));
  const labels = classes.of(train);
  return {
    train: { table: train, features: trainFeatures, labels },
    test: { table: test, features: testFeatures, labels: classes.of(test) },
    ...(classes.names && { classNames: classes.names }),
    ...(train.labels.column !== undefined && { label: train.labels.column }),
    ...(scaling && { scaling }),
    warnings: [
      ...absentClasses(labels, outputs, classes.names),
      ...(scaling ? stillFeatures(train, scaling) : []),
      ...(read.test && options.split ? [`split is not used: ${read.test.file} has the samples to test with`] : []),
    ],
  };
};
