import { Command, Option } from 'commander';
import { DATA_SETS } from '../../config/index.js';
import {
  adviceOn,
  type Description,
  describe,
  type FileKind,
  isFileKind,
  SCALINGS,
  type ScalingKind,
} from '../../data/index.js';
import { UserError } from '../../fx/error.js';
import { table } from '../../report/table.js';
import { share } from '../options.js';
import { readFiles } from '../samples.js';
import { counted, grouped, json, percent, shellWord } from '../text.js';

interface DataOptions {
  readonly label?: string;
  readonly scaling?: ScalingKind;
  readonly split?: { readonly test: number; readonly seed?: number };
  readonly json?: boolean;
}

/** Kinds of file by how their names end. */
const ENDINGS: Readonly<Record<string, FileKind>> = {
  csv: 'csv',
  tsv: 'csv',
  txt: 'csv',
  data: 'csv',
  npy: 'npy',
  npz: 'npz',
  idx: 'idx',
  ubyte: 'idx',
};

const kindOf = (file: string): FileKind => {
  const [, ending = ''] = /[.-](\w+?)(?:\.gz)?$/.exec(file) ?? [];
  const kind = Object.hasOwn(ENDINGS, ending) ? ENDINGS[ending] : undefined;
  if (kind !== undefined) return kind;
  if (DATA_SETS.some((set) => set.split(':')[0] === file.split(':')[0])) {
    throw new UserError(`${file}: is a set by name, must be a file; --data takes both`, { field: file });
  }
  if (/\.(xlsx?|ods|numbers)$/i.test(file))
    throw new UserError(`${file}: is a workbook, must be CSV; save its sheet as CSV (UTF-8)`, { field: file });
  throw new UserError(
    `${file}: does not show by its name whether it is CSV, .npz, .npy or IDX; write csv:${file}, npz:${file}, npy: or idx:`,
    { field: file },
  );
};

const sourceOf = (files: readonly string[]): { kind: FileKind; paths: string } => {
  const [, kind = '', first] = /^(\w+):(.*)$/s.exec(files[0]) ?? [];
  if (isFileKind(kind)) return { kind, paths: [first, ...files.slice(1)].join() };
  return { kind: kindOf(files[0]), paths: files.join() };
};

const TAKEN: Readonly<Record<Description['taken'], string>> = {
  pixels: 'whole numbers 0..255, taken as pixels p / 255',
  numbers: 'numbers within -1..1, taken as they are',
  scaled: 'numbers, scaled',
  refused: 'numbers that need a scaling',
};

/** Most features and classes that are listed one by one. */
const LISTED = 24;

const rounded = (v: number): string => String(Number(v.toPrecision(4)));

const summary = (rows: readonly string[][], all: number): string[][] =>
  all > rows.length
    ? [...rows, [`... ${grouped(all - rows.length)} more`, ...rows[0].slice(1).map(() => '')]]
    : [...rows];

const featureTable = ({ features }: Description): string => {
  const rows = features
    .slice(0, LISTED)
    .map(({ name, min, max, mean, deviation, zeros }) => [
      name,
      ...[min, max, mean, deviation].map(rounded),
      percent(zeros),
    ]);
  return table(
    ['left', 'right', 'right', 'right', 'right', 'right'],
    [['feature', 'least', 'greatest', 'mean', 'deviation', 'zeros'], ...summary(rows, features.length)],
  );
};

const classTable = ({ classes }: Description): string => {
  const rows = classes
    .slice(0, LISTED)
    .map(({ name, train, test }, c) => [`${c} ${name}`, grouped(train), grouped(test)]);
  return table(['left', 'right', 'right'], [['class', 'to train', 'to test'], ...summary(rows, classes.length)]);
};

const formatTable = ({ formats }: Description): string =>
  table(
    ['right', 'right', 'right', 'right', 'right'],
    [
      ['activation bits', 'zeros', 'round to 0', 'saturate', 'levels'],
      ...formats.map(({ bits, zeros, vanish, saturate, levels }) => [
        String(bits),
        ...[zeros, vanish, saturate].map(percent),
        grouped(levels),
      ]),
    ],
  );

/** Samples that a first run sees, and the hidden neurons that it has. */
const FIRST_RUN = 10_000;
const hiddenFor = (inputs: number): number => Math.min(128, Math.max(16, 2 ** Math.ceil(Math.log2(inputs))));

/** A command to start from. */
const startWith = (set: string, { label, split }: DataOptions, found: Description): string => {
  const { features, classes, scaling, train, taken } = found;
  const constant = adviceOn(found).some((text) => text.includes('--constant'));
  const inputs = features.length + (constant ? 1 : 0);
  return [
    `grapes-hw train --data ${shellWord(set)} --layers ${inputs},${hiddenFor(inputs)},${classes.length}`,
    ...(label === undefined ? [] : [`--label ${shellWord(label)}`]),
    ...(taken === 'pixels' || taken === 'numbers' ? [] : [`--scaling ${scaling}`]),
    ...(constant ? ['--constant'] : []),
    ...(split === undefined ? [] : [`--split ${split.test}${split.seed === undefined ? '' : `:${split.seed}`}`]),
    `--epochs ${Math.min(100, Math.max(1, Math.ceil(FIRST_RUN / train)))}`,
  ].join(' ');
};

const text = (set: string, options: DataOptions, found: Description): string => {
  const { train, test, ownTest, label, features, taken, scaling } = found;
  const kept = ownTest ? 'in a file of their own' : 'kept by seed and class';
  return [
    `${set}: ${counted(train, 'sample')} to train on, ${grouped(test)} to test with (${kept}), ${counted(features.length, 'feature')}`,
    ...(label === undefined ? [] : [`Labels: ${label}; another with --label`]),
    '',
    classTable(found),
    '',
    `Features of the training samples: ${TAKEN[taken]}`,
    featureTable(found),
    '',
    `In the network's format of inputs${scaling === 'none' ? '' : `, scaled by ${scaling}`}:`,
    formatTable(found),
    '',
    ...adviceOn(found).map((line) => `- ${line}`),
    `Start with: ${startWith(set, options, found)}`,
  ].join('\n');
};

const show = async (files: readonly string[], options: DataOptions): Promise<void> => {
  const { kind, paths } = sourceOf(files);
  const { label, scaling, split, json: asJson } = options;
  const set = `${kind}:${paths}`;
  const how = {
    ...(label !== undefined && { label }),
    ...(scaling !== undefined && { scaling }),
    ...(split !== undefined && { split: { test: split.test, seed: split.seed ?? 1 } }),
  };
  await readFiles(set, how);
  const found = describe(kind, paths, how);
  if (!asJson) console.log(text(set, options, found));
  else console.log(json({ data: set, ...found, advice: adviceOn(found), start: startWith(set, options, found) }));
};

export const dataCommand = (): Command =>
  new Command('data')
    .description('say what is in files of samples, what becomes of it, and how to start training on it')
    .argument(
      '<files...>',
      'a CSV or .npz file, or features and labels as .npy or IDX; then those to test with; or csv:FILE and so on',
    )
    .option('--label <column>', 'column of the labels: its name, or its number from 1')
    .addOption(new Option('--scaling <how>', 'how features are scaled').choices(SCALINGS))
    .option(
      '--split <share>',
      'share of every class to test with where no file says so, such as 0.2 or 0.2:SEED',
      share,
    )
    .option('--json', 'as JSON')
    .addHelpText(
      'after',
      `
Examples:
  grapes-hw data iris.csv
  grapes-hw data measurements.csv --label kind --scaling standard
  grapes-hw data features.npy labels.npy
  grapes-hw data idx:images.gz,labels.gz --json`,
    )
    .action(show);
