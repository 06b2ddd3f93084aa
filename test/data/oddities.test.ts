/** Small files with one oddity each: what becomes of them, or what they are refused with. Nothing is dropped or guessed. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type DataShape, loadParts } from '../../src/data/index.js';
import { UserError } from '../../src/fx/error.js';

const FOLDER = join('test', 'data', 'files');

const shape: DataShape = { inputs: 3, classes: 3, seed: 1 };

const PIXELS = [1, 2, 200, 3, 4, 5, 6, 7, 8];
const REAL = [-1, 0.5, 1, 0.25, 0, -1, 0, 0, 1];

interface Accepted {
  readonly names: string;
  readonly what: string;
  readonly ask?: Partial<DataShape>;
  readonly features?: readonly number[];
  readonly labels?: readonly number[];
  readonly classNames?: readonly string[];
}

const ANIMALS = ['ant', 'bee', 'cat'];

const ACCEPTED: readonly Accepted[] = [
  { names: 'csv plain.csv', what: 'is read' },
  { names: 'csv no-last-newline.csv', what: 'is read to its end' },
  { names: 'csv names.csv', what: 'has a line of names, which is no sample' },
  { names: 'csv byte-order-mark.csv', what: 'keeps its first line' },
  { names: 'csv byte-order-mark-names.csv', what: 'has a line of names' },
  { names: 'csv returns.csv', what: 'is read without blanks, empty lines and carriage returns' },
  { names: 'csv old-mac.csv', what: 'is read line by line' },
  { names: 'csv blank-first.csv', what: 'keeps its first sample' },
  { names: 'csv semicolons.csv', what: 'is read' },
  { names: 'csv tabs.csv', what: 'is read' },
  { names: 'csv quotes.csv', what: 'is read' },
  { names: 'csv numbered-names.csv', what: 'has a line of names though most are numbers' },
  { names: 'csv packed.csv.gz', what: 'is unpacked' },
  { names: 'csv whole-floats.csv', what: 'has whole labels' },
  { names: 'csv label-last.csv', what: 'has the label in the column named', ask: { label: '4' } },
  { names: 'csv label-last-names.csv', what: 'has the label in the column called class' },
  { names: 'csv label-last-names.csv', what: 'has the label in the column named', ask: { label: 'class' } },
  {
    names: 'csv row-numbers.csv',
    what: 'has a line of names though the one of the row numbers is missing',
    ask: { scaling: 'minmax-signed' },
    features: [-1, 1, 1, 0, -1, -1, 1, 0.5, 1],
    classNames: ANIMALS,
  },
  { names: 'csv text-last.csv', what: 'has the label in its only column of text', classNames: ANIMALS },
  { names: 'csv text-middle.csv', what: 'has the label in its only column of text', classNames: ANIMALS },
  {
    names: 'csv text-last.csv',
    what: 'has its classes in the order asked for',
    ask: { classNames: ['cat', 'ant', 'bee'] },
    labels: [1, 2, 0],
    classNames: ['cat', 'ant', 'bee'],
  },
  {
    names: 'csv umlauts.csv',
    what: 'has names beyond ASCII',
    labels: [0, 1, 2],
    classNames: ['groß', 'klein', 'mittel'],
  },
  { names: 'csv from-one.csv', what: 'counts classes from 1', classNames: ['1', '2', '3'] },
  {
    names: 'csv hundreds.csv',
    what: 'has as many labels as outputs, in ascending order',
    labels: [0, 2, 1],
    classNames: ['100', '200', '300'],
  },
  {
    names: 'csv negative-first.csv',
    what: 'keeps a first line that begins with a sign',
    ask: { inputs: 2, classes: 2 },
    features: [0.5, 0.25, -0.5, 0, 1, -1],
    labels: [0, 1, 1],
    classNames: ['-1', '1'],
  },
  {
    names: 'csv binary.csv',
    what: 'has features 0 and 1, no almost dark pixels',
    features: [0, 1, 1, 1, 0, 1, 1, 1, 0],
  },
  {
    names: 'csv real.csv',
    what: 'has numbers of -1..1 as they are',
    features: [0.5, -0.25, 0.1, 0.125, -1, 1, 0, 0, 1],
  },
  {
    names: 'csv measures.csv',
    what: 'is scaled to 0..1 on request',
    ask: { scaling: 'minmax' },
    features: [0.2 / 1.1, 1, 0.1 / 2.7, 0, 0.8 / 1.3, 0, 1, 0, 1],

    classNames: ['x', 'y', 'z'],
  },
  { names: 'idx bytes.idx labels.idx', what: 'has pixels' },
  { names: 'idx bytes.idx int-labels.idx', what: 'has labels of 4 bytes' },
  { names: 'idx dark-bytes.idx labels.idx', what: 'has pixels however dark', features: [0, 1, 0, 1, 1, 0, 0, 0, 1] },
  { names: 'idx signed-bytes.idx labels.idx', what: 'has numbers', features: [-1, 0, 1, 1, 0, -1, 0, 0, 1] },
  { names: 'idx shorts.idx labels.idx', what: 'has numbers', features: [-1, 0, 1, 1, 0, -1, 0, 0, 1] },
  { names: 'idx floats.idx labels.idx', what: 'has numbers', features: REAL },
  { names: 'idx doubles.idx labels.idx', what: 'has numbers', features: REAL },
  { names: 'npy floats.npy labels.npy', what: 'has numbers', features: REAL },
  { names: 'npy big-endian.npy labels.npy', what: 'has numbers', features: REAL },
  { names: 'npy fortran.npy labels.npy', what: 'has numbers column by column', features: REAL },
  { names: 'npy bytes.npy column-labels.npy', what: 'has pixels' },
  { names: 'npy bools.npy labels.npy', what: 'has features 0 and 1', features: [0, 1, 0, 1, 1, 0, 0, 0, 1] },
  { names: 'npy floats.npy text-labels.npy', what: 'has classes by name', features: REAL, classNames: ANIMALS },
  { names: 'npz pair.npz', what: 'has numbers', features: REAL },
  { names: 'npz parts.npz', what: 'has numbers to train on and to test', features: REAL },
  { names: 'npz strange.npz', what: 'has the labels in the array named', ask: { label: 'beta' }, features: REAL },
];

const REFUSED: readonly { readonly names: string; readonly ask?: Partial<DataShape>; readonly message: string }[] = [
  { names: 'csv missing.csv', message: 'line 3 has no value (b); fill it in or remove the line' },
  { names: 'csv missing-na.csv', message: 'line 3 has no value (b)' },
  { names: 'csv question-mark.csv', message: 'line 2 has no value (column 3)' },
  { names: 'csv nan-first.csv', message: 'line 1 has no value (column 1)' },
  { names: 'csv missing-label.csv', message: 'line 3 has no value (class)' },
  { names: 'csv short-line.csv', message: 'line 2 has 3 values, must have 4 like line 1; correct it' },
  { names: 'csv long-line.csv', message: 'line 2 has 5 values, must have 4 like line 1; correct it' },
  { names: 'csv text-among-numbers.csv', message: 'line 2 has "five" as column 3, must be a number; correct it' },
  { names: 'csv only-texts.csv', message: 'holds no samples, must hold at least one' },
  { names: 'csv two-texts.csv', message: "columns name, colour, kind hold text, only the label's may" },
  { names: 'csv text-beside-label.csv', message: 'line 2 has "ann" as name, must be a number; correct it, or name' },
  {
    names: 'csv half-names.csv',
    message: 'line 1 is neither names nor values: it has "one" beside numbers; correct it',
  },
  {
    names: 'csv decimal-commas.csv',
    message: 'has "1,5"; write decimals with a point, or name the label',
  },
  {
    names: 'csv beyond-bytes.csv',
    message:
      'line 2 has 256 as feature 2, but features are whole numbers 0..255 (pixels) or numbers -1..1; add --scaling',
  },
  { names: 'csv mixed-pixels.csv', message: 'line 2 has 0.5 as feature 2, but features are whole numbers 0..255' },
  { names: 'csv measures.csv', message: 'line 1 has 5.1 as feature 1, but features are whole numbers 0..255' },
  { names: 'csv infinite.csv', message: 'line 1 has "1e999" as column 3, must be a number' },
  { names: 'csv hexadecimal.csv', message: 'line 1 is neither names nor values: it has "0x10" beside numbers' },
  {
    names: 'csv label-too-large.csv',
    ask: { classes: 5 },
    message:
      'line 3 has the label 9, must be 0..4; correct it, name another column than column 1 (--label), give the last layer more neurons, or list the labels in classes',
  },
  { names: 'csv label-fraction.csv', message: 'has 0.5 as a label, must be a whole number or a name' },
  {
    names: 'csv four-kinds.csv',
    message: 'has 4 classes (ant, bee, cat, dog), but the last layer has 3 neurons; give it 4',
  },
  {
    names: 'csv text-last.csv',
    ask: { classNames: ['ant', 'bee'] },
    message: 'line 4 has the label "cat", must be one of ant, bee; correct it or change classes',
  },
  { names: 'csv label-last-names.csv', ask: { label: 'kind' }, message: 'label: is "kind", must be a column of' },
  { names: 'csv plain.csv', ask: { label: 'kind' }, message: 'have no names; give its number, from 1' },
  { names: 'csv plain.csv', ask: { label: '5' }, message: 'label: is "5", must be a column 1..4 of' },
  { names: 'csv plain.csv', ask: { inputs: 4 }, message: 'has 3 features, but the first layer has 4; set it to 3' },
  {
    names: 'csv plain.csv',
    ask: { inputs: 3, constant: true },
    message: 'has 3 features, with the constant 4, but the first layer has 3; set it to 4',
  },
  { names: 'csv utf-16-no-mark.csv', message: 'is UTF-16 text; save it as CSV in UTF-8' },
  { names: 'csv utf-16.csv', message: 'is UTF-16 text; save it as CSV in UTF-8' },
  { names: 'csv latin-1.csv', message: 'is not UTF-8 text; save it as CSV in UTF-8' },
  { names: 'csv open-quote.csv', message: 'quotes do not match' },
  { names: 'csv one-column.csv', message: 'line 1 has one value, must have a label and at least one feature' },
  { names: 'csv spaces.csv', message: 'at least one feature, with commas, semicolons, tabs or bars between them' },
  { names: 'csv age-first.csv', message: 'correct it, name another column than age (--label), give' },
  { names: 'csv empty.csv', message: 'holds no samples, must hold at least one' },
  { names: 'csv only-names.csv', message: 'holds no samples, must hold at least one' },
  { names: 'csv not-gzip.csv.gz', message: 'is not gzip, or cut short; fetch it again' },
  { names: 'csv none.csv', message: 'does not exist; check the path' },
  {
    names: 'idx bytes.idx unknown-type.idx',
    message:
      'holds IDX values of the unknown type 0a, must be one of 08 (unsigned byte), 09 (signed byte), 0b (short), 0c (int), 0d (float), 0e (double)',
  },
  { names: 'idx nan.idx labels.idx', message: 'sample 1 has NaN as feature 2, must be a finite number' },
  { names: 'idx short.idx labels.idx', message: 'has 20 bytes, must have 21 for 3 x 3 values (IDX, unsigned byte)' },
  { names: 'idx bytes.idx two-labels.idx', message: 'has 2 labels, must have 3, one for each sample of' },
  { names: 'idx labels.idx bytes.idx', message: 'has 2 dimensions (IDX), must have 1' },
  { names: 'npy floats.npy one-hot.npy', message: 'labels have the shape 3 x 3, must be one a sample; save argmax' },
  { names: 'npy floats.npy objects.npy', message: "is of type '|O', must be numbers or strings" },
  { names: 'npy cut.npy labels.npy', message: 'has 32 bytes of values, must have 36; it is cut short or damaged' },
  { names: 'npy text-labels.npy labels.npy', message: 'has one dimension, must have samples and their features' },
  { names: 'npy bytes.idx labels.npy', message: 'is no .npy array; numpy.save writes one' },
  { names: 'idx bytes.idx labels.idx', ask: { label: '1' }, message: 'label: is for csv and npz: idx files have' },
  { names: 'npz strange.npz', message: 'holds the arrays alpha, beta, must hold x and y, or x_train' },
  { names: 'npz no-archive.npz', message: 'is no zip archive, cut short or damaged; save it again' },
];

/** Loads files as both parts of a set, so that none of their samples is anywhere else. */
const load = (names: string, ask: Partial<DataShape> = {}) => {
  const [kind, ...files] = names.split(' ');
  const paths = files.map((file) => join(FOLDER, file)).join();
  const name = `${kind}:${paths}${names.includes('parts') ? '' : `,${paths}`}`;
  return loadParts(name, { ...shape, ...ask });
};

describe('a file', () => {
  it.each(ACCEPTED)('$names $what', ({ names, ask, features = PIXELS, labels = [0, 1, 2], classNames }) => {
    const { train, classNames: found, warnings } = load(names, ask);
    expect(train.count).toBe(labels.length);
    expect([...train.features].map((v) => Number(v.toFixed(9)))).toEqual(features.map((v) => Number(v.toFixed(9))));
    expect([...train.labels]).toEqual(labels);
    expect(found).toEqual(classNames);
    expect(train.features instanceof Uint8Array).toBe(features === PIXELS || names.includes('dark'));
    expect(warnings).toEqual([]);
  });

  it.each(REFUSED)('$names is refused: $message', ({ names, ask, message }) => {
    expect(() => load(names, ask)).toThrow(UserError);
    expect(() => load(names, ask)).toThrow(message);
  });

  it('of this folder is in one of the two lists', () => {
    const listed = new Set([...ACCEPTED, ...REFUSED].flatMap(({ names }) => names.split(' ').slice(1)));
    expect(readdirSync(FOLDER).filter((file) => !listed.has(file))).toEqual([]);
  });

  it('with test samples of its own says that a split is not used', () => {
    const { warnings } = load('csv plain.csv', { split: { test: 0.5, seed: 1 } });
    expect(warnings).toEqual(['split is not used: test/data/files/plain.csv has the samples to test with']);
  });

  it('npz parts.npz has its own test samples', () => {
    const { test } = load('npz parts.npz');
    expect([[...test.features], [...test.labels]]).toEqual([[0, 0, 1], [1]]);
  });
});
