import { z } from 'zod';
import { fault, integer, objectError, oneOf } from './fields.js';

/** Data sets: by name, by name and seed, or by the paths of their files. */
export const DATA_SETS = [
  'mnist',
  'fashion-mnist',
  'synthetic',
  'permuted-mnist:SEED',
  'permuted-fashion-mnist:SEED',
  'csv:FILE[,TEST_FILE]',
  'npy:FEATURES,LABELS[,TEST_FEATURES,TEST_LABELS]',
  'npz:FILE[,TEST_FILE]',
  'idx:IMAGES,LABELS[,TEST_IMAGES,TEST_LABELS]',
] as const;

const DATA =
  /^(mnist|fashion-mnist|synthetic|permuted-(fashion-)?mnist:\d+|(idx|npy):[^,]+(,[^,]+|(,[^,]+){3})|(csv|npz):[^,]+(,[^,]+)?)$/;

/** How names of files end that people give without saying of which kind they are. */
const ENDING = /\.(csv|npy|npz|idx)(\.gz)?$/;

const unknownSet = (issue: { readonly input?: unknown }): string => {
  const [, kind] = ENDING.exec(String(issue.input)) ?? [];
  const fix =
    kind === undefined ? 'choose one of them' : `a file has its kind before it, such as ${kind}:${issue.input}`;
  return fault(DATA_SETS.join(', '), fix)(issue);
};

const KINDS = ['minmax', 'minmax-signed', 'standard'] as const;

const number = (fix: string) => z.number({ error: fault('a number', fix) });
const perFeature = z.array(number('give one a feature'), { error: fault('a list of numbers', 'give one a feature') });

const fitted = z.strictObject(
  {
    kind: oneOf(KINDS),
    low: number('it is the least that a scaled feature is'),
    high: number('it is the most that a scaled feature is'),
    offset: perFeature,
    scale: perFeature,
  },
  { error: fault(`none, ${KINDS.join(', ')} or an object`, 'choose one of them') },
);

const share = fault('a number above 0 and below 1', 'it is the share that is kept for testing');

const split = z.strictObject(
  {
    test: z.number({ error: share }).gt(0, { error: share }).lt(1, { error: share }),
    seed: integer(0, 2 ** 32 - 1, 'choose a seed in that range').optional(),
  },
  { error: objectError('test, seed') },
);

const text = (fix: string) => z.string({ error: fault('a text', fix) }).min(1, { error: fault('a text', fix) });

/** Most columns of a spreadsheet: a largest layer's features and the label. */
const MAX_COLUMN = 65536;

const names = fault('a list of names', 'name the classes in the order of the outputs');

/** What a configuration says of its data. */
export const dataShape = {
  data: z
    .string({ error: unknownSet })
    .regex(DATA, { error: unknownSet })
    .optional()
    .describe(`Data set: ${DATA_SETS.join(', ')}. Default: mnist where the sizes fit it, else synthetic.`),
  label: z
    .union([integer(1, MAX_COLUMN, 'columns count from 1'), text('name the column')], {
      error: fault('a name or a number', 'name the column of the labels'),
    })
    .optional()
    .describe('Files: the column (name, or number from 1) or array of the labels. Default: the one that shows.'),
  classes: z
    .array(text('name the class'), { error: names })
    .min(1, { error: names })
    .optional()
    .describe(
      'Files: the labels that are classes 0, 1, ... Default: whole numbers below n_L are the classes themselves, other labels are classes in ascending order.',
    ),
  scaling: z
    .union([oneOf(['none', ...KINDS]), fitted], {
      error: fault(`none, ${KINDS.join(', ')} or an object`, 'choose one of them'),
    })
    .optional()
    .describe(
      'Files: how features are scaled, as the training part shows: minmax to [0, 1], minmax-signed to [-1, 1], standard to [-1, 1] at three deviations, clipped. Default none.',
    ),
  split: split
    .optional()
    .describe(
      'Files: the share of every class that is kept for testing where no file says so, and the seed that decides which. Default 0.1, 1.',
    ),
  constant: z
    .boolean({ error: fault('true or false', 'leave it out for none') })
    .optional()
    .describe(
      'Whether every sample (or step) ends with a feature of the largest value, in place of biases; layers[0] counts it.',
    ),
};
