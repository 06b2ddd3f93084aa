import { UserError } from '../fx/error.js';
import type { Dataset, Split } from './dataset.js';
import { loadFashion } from './fashion.js';
import { readFiles } from './files.js';
import { loadMnist } from './mnist.js';
import { permuted } from './permuted.js';
import { type SyntheticShape, synthetic } from './synthetic.js';

type Shape = SyntheticShape;

/** Sets by name; `argument` is what follows the colon, where the form has one. */
interface Source {
  readonly form: string;
  readonly load: (split: Split, shape: Shape, argument: string) => Dataset;
}

const refuse = (name: string): never => {
  const forms = Object.values(SOURCES).map(({ form }) => form);
  throw new UserError(`data: is "${name}", must be one of ${forms.join(', ')}; choose one of them`, { field: 'data' });
};

const MAX_SEED = 2 ** 32 - 1;

const permutedSource = (form: string, load: (split: Split) => Dataset): Source => ({
  form: `${form}:SEED`,
  load: (split, _, argument) => {
    const seed = Number(argument);
    return /^\d+$/.test(argument) && seed <= MAX_SEED ? permuted(load(split), seed) : refuse(`${form}:${argument}`);
  },
});

const fileSource = (kind: 'idx' | 'csv', form: string): Source => ({
  form,
  load: (split, shape, argument) => ({
    name: `${kind}:${argument}`,
    split,
    classes: shape.classes,
    ...readFiles(kind, argument, split, shape),
  }),
});

const SOURCES: Readonly<Record<string, Source>> = {
  mnist: { form: 'mnist', load: (split) => loadMnist(split) },
  'fashion-mnist': { form: 'fashion-mnist', load: (split) => loadFashion(split) },
  synthetic: { form: 'synthetic', load: synthetic },
  'permuted-mnist': permutedSource('permuted-mnist', loadMnist),
  'permuted-fashion-mnist': permutedSource('permuted-fashion-mnist', loadFashion),
  idx: fileSource('idx', 'idx:IMAGES,LABELS[,TEST_IMAGES,TEST_LABELS]'),
  csv: fileSource('csv', 'csv:FILE[,TEST_FILE]'),
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

/**
 * Loads a data set by name, its first `count` samples or all of them.
 * @throws UserError for an unknown name, damaged files, sizes that don't fit, or more samples than there are.
 */
export const loadDataset = (name: string, split: Split, shape: SyntheticShape): Dataset => {
  const { source, argument } = sourceOf(name);
  const data = source.load(split, shape, argument);
  if (data.inputs !== shape.inputs || data.classes !== shape.classes) {
    throw new UserError(
      `data: "${name}" has ${data.inputs} inputs and ${data.classes} classes, but the layers have ${shape.inputs} and ` +
        `${shape.classes}; change layers or set data to "synthetic"`,
      { field: 'data' },
    );
  }
  const count = shape.count ?? data.count;
  if (count > data.count) {
    throw new UserError(`samples: is ${count}, must be at most ${data.count} (${name}, ${split}); ask for fewer`, {
      field: 'samples',
    });
  }
  return count === data.count ? data : head(data, count);
};
