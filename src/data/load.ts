import { UserError } from '../fx/error.js';
import { withConstant } from './constant.js';
import type { Dataset, Split } from './dataset.js';
import { loadFashion } from './fashion.js';
import { type FileKind, isFileKind, KINDS, readParts, readPartsAhead } from './files.js';
import { loadMnist } from './mnist.js';
import { permuted } from './permuted.js';
import { type FileOptions, type Prepared, prepare } from './prepare.js';
import { type SyntheticShape, synthetic } from './synthetic.js';

/** What a network asks of a data set. */
export interface DataShape extends SyntheticShape, FileOptions {
  /** a feature of the largest value is appended to every sample, or to every step of one; `inputs` counts it */
  readonly constant?: boolean;
  /** where there are fewer than `count`, all will do; default: that is an error */
  readonly orAll?: boolean;
  /** features of a step, where a sample is a sequence of them; default: `inputs` */
  readonly stepInputs?: number;
}

/** Both parts of a set. */
export interface LoadedParts extends Pick<Prepared, 'classNames' | 'label' | 'scaling' | 'warnings'> {
  readonly train: Dataset;
  readonly test: Dataset;
}

/** Sets by name; `argument` is what follows the colon, where the form has one. */
interface Source {
  readonly form: string;
  readonly load: (shape: DataShape, argument: string, splits: readonly Split[]) => LoadedSource;
}

type LoadedSource = Pick<LoadedParts, 'classNames' | 'label' | 'scaling' | 'warnings'> & {
  readonly parts: Readonly<Partial<Record<Split, Dataset>>>;
};

const refuse = (name: string): never => {
  const forms = Object.values(SOURCES).map(({ form }) => form);
  throw new UserError(`data: is "${name}", must be one of ${forms.join(', ')}; choose one of them`, { field: 'data' });
};

const FILE_OPTIONS = { label: 'label', classNames: 'classes', scaling: 'scaling', split: 'split' } as const;

const named = (form: string, load: (split: Split, shape: DataShape, argument: string) => Dataset): Source => ({
  form,
  load: (shape, argument, splits) => {
    for (const [option, field] of Object.entries(FILE_OPTIONS)) {
      const value = shape[option as keyof typeof FILE_OPTIONS];
      if (value === undefined || value === 'none') continue;
      throw new UserError(`${field}: is for data from files (${Object.keys(KINDS).join(', ')}); leave it out`, {
        field,
      });
    }
    return { parts: Object.fromEntries(splits.map((split) => [split, load(split, shape, argument)])), warnings: [] };
  },
});

/** Constants that a sample has. */
const constantsOf = ({ inputs, constant, stepInputs }: DataShape): number =>
  constant ? inputs / (stepInputs ?? inputs) : 0;

/** What to do where windows of so many features are not so many steps of so many. */
const sequenceFix = (inputs: number, channels: number, steps: number, constants: 0 | 1): string => {
  if (inputs % channels === 0) return `set steps to ${inputs / channels}`;
  return inputs % steps === 0 ? `set layers[0] to ${inputs / steps + constants}` : `choose steps that divide ${inputs}`;
};

const sequenceMisfit = (
  name: string,
  { inputs, classes }: Pick<Dataset, 'inputs' | 'classes'>,
  shape: DataShape,
  stepInputs: number,
): string => {
  const steps = shape.inputs / stepInputs;
  const constants = shape.constant ? 1 : 0;
  const channels = stepInputs - constants;
  if (inputs === steps * channels)
    return `data: "${name}" has ${classes} classes, but the last layer has ${shape.classes}; set it to ${classes}`;
  const also = shape.constant ? ' (the constant not counted)' : '';
  return (
    `data: "${name}" has ${inputs} features a sample, but ${steps} steps of ${channels}${also} are ${steps * channels}; ` +
    sequenceFix(inputs, channels, steps, constants)
  );
};

/** @throws UserError for a set of another size */
const requireShape = (
  name: string,
  { inputs, classes }: Pick<Dataset, 'inputs' | 'classes'>,
  shape: DataShape,
): void => {
  const constants = constantsOf(shape);
  if (inputs + constants === shape.inputs && classes === shape.classes) return;
  if (shape.stepInputs !== undefined && shape.stepInputs < shape.inputs)
    throw new UserError(sequenceMisfit(name, { inputs, classes }, shape, shape.stepInputs), { field: 'data' });
  const with1 = constants > 0 ? `, with the constant ${inputs + constants}` : '';
  if (classes === shape.classes) {
    const text = `has ${inputs} features${with1}, but the first layer has ${shape.inputs}; set it to ${inputs + constants}`;
    throw new UserError(`data: "${name}" ${text}`, { field: 'layers' });
  }
  throw new UserError(
    `data: "${name}" has ${inputs} inputs${with1} and ${classes} classes, but the layers have ${shape.inputs} and ` +
      `${shape.classes}; change layers or set data to "synthetic"`,
    { field: 'data' },
  );
};

const MAX_SEED = 2 ** 32 - 1;

const permutedSource = (form: string, load: (split: Split) => Dataset): Source =>
  named(`${form}:SEED`, (split, _, argument) => {
    const seed = Number(argument);
    return /^\d+$/.test(argument) && seed <= MAX_SEED ? permuted(load(split), seed) : refuse(`${form}:${argument}`);
  });

const fileSource = (kind: FileKind, form: string): Source => ({
  form,
  load: (shape, argument) => {
    const { inputs } = readParts(kind, argument, shape).train;
    requireShape(`${kind}:${argument}`, { inputs, classes: shape.classes }, shape);
    const { train, test, ...found } = prepare(kind, argument, shape.classes, shape);
    const part = (split: Split, { table: { count }, features, labels }: Prepared[Split]): Dataset => {
      const name = `${kind}:${argument}`;
      return { name, split, inputs, classes: shape.classes, count, features, labels };
    };
    return { parts: { train: part('train', train), test: part('test', test) }, ...found };
  },
});

const SOURCES: Readonly<Record<string, Source>> = {
  mnist: named('mnist', (split) => loadMnist(split)),
  'fashion-mnist': named('fashion-mnist', (split) => loadFashion(split)),
  synthetic: named('synthetic', (split, shape) =>
    synthetic(split, { ...shape, inputs: shape.inputs - constantsOf(shape) }),
  ),
  'permuted-mnist': permutedSource('permuted-mnist', loadMnist),
  'permuted-fashion-mnist': permutedSource('permuted-fashion-mnist', loadFashion),
  csv: fileSource('csv', 'csv:FILE[,TEST_FILE]'),
  npy: fileSource('npy', 'npy:FEATURES,LABELS[,TEST_FEATURES,TEST_LABELS]'),
  npz: fileSource('npz', 'npz:FILE[,TEST_FILE]'),
  idx: fileSource('idx', 'idx:IMAGES,LABELS[,TEST_IMAGES,TEST_LABELS]'),
};

const sourceOf = (name: string): { source: Source; argument: string } => {
  const [, key, colon, argument] = /^([^:]*)(:?)(.*)$/s.exec(name) ?? [];
  const source = Object.hasOwn(SOURCES, key) ? SOURCES[key] : undefined;
  return source !== undefined && (colon === ':') === source.form.includes(':') ? { source, argument } : refuse(name);
};

const head = (data: Dataset, count: number): Dataset => ({
  ...data,
  count,
  features: data.features.subarray(0, count * data.inputs),
  labels: data.labels.subarray(0, count),
});

const finished = (name: string, data: Dataset, shape: DataShape, asked: number | undefined): Dataset => {
  requireShape(name, data, shape);
  const count = Math.min(asked ?? data.count, shape.orAll ? data.count : Number.POSITIVE_INFINITY);
  if (count > data.count) {
    throw new UserError(`samples: is ${count}, must be at most ${data.count} (${name}, ${data.split}); ask for fewer`, {
      field: 'samples',
    });
  }
  const part = count === data.count ? data : head(data, count);
  if (!shape.constant) return part;
  const size = (shape.stepInputs ?? shape.inputs) - 1;
  return { ...part, inputs: shape.inputs, features: withConstant(part.features, size) };
};

/**
 * Reads the files of a set, where it has some, and lets others have their turn meanwhile; {@link loadDataset} and
 * {@link loadParts} then find them read.
 * @throws UserError for files that cannot be read
 */
export const readAhead = async (name: string, shape: FileOptions): Promise<void> => {
  const kind = name.split(':')[0];
  if (isFileKind(kind) && name.includes(':')) await readPartsAhead(kind, name.slice(kind.length + 1), shape);
};

const load = (name: string, shape: DataShape, splits: readonly Split[]): LoadedSource => {
  const { source, argument } = sourceOf(name);
  return source.load(shape, argument, splits);
};

/**
 * Loads a part of a data set by name, its first `count` samples or all of them.
 * @throws UserError for an unknown name, damaged files, sizes that don't fit, or more samples than there are.
 */
export const loadDataset = (name: string, split: Split, shape: DataShape): Dataset => {
  const data = load(name, shape, [split]).parts[split];
  return data === undefined ? refuse(name) : finished(name, data, shape, shape.count);
};

/**
 * Loads both parts of a data set by name; `count` is of the training samples only.
 * @throws UserError as {@link loadDataset}
 */
export const loadParts = (name: string, { count, ...shape }: DataShape): LoadedParts => {
  const { parts, ...found } = load(name, { ...shape, ...(count !== undefined && { count }) }, ['train']);
  const { test } = parts.test === undefined ? load(name, shape, ['test']).parts : parts;
  if (parts.train === undefined || test === undefined) return refuse(name);
  return {
    train: finished(name, parts.train, shape, count),
    test: finished(name, test, shape, undefined),
    ...found,
  };
};
