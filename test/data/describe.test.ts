import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { adviceOn, describe as describeFiles } from '../../src/data/index.js';
import { temporaryFolder } from '../helpers/folder.js';

const FLOWERS = join('docs', 'iris.csv');
const files = join('test', 'data', 'files');

const written = (text: string): string => {
  const file = join(temporaryFolder(), 'set.csv');
  writeFileSync(file, text);
  return file;
};

describe('what is in a file', () => {
  it('is counted by class and feature', () => {
    const found = describeFiles('csv', FLOWERS, { split: { test: 0.2, seed: 3 } });
    expect(found).toMatchObject({ train: 120, test: 30, ownTest: false, taken: 'refused', scaling: 'standard' });
    expect(found.label).toBe('species');
    expect(found.classes).toEqual(['setosa', 'versicolor', 'virginica'].map((name) => ({ name, train: 40, test: 10 })));
    expect(found.features.map(({ name }) => name)).toEqual([
      'sepal_length',
      'sepal_width',
      'petal_length',
      'petal_width',
    ]);
    expect(found.features[2]).toMatchObject({ min: 1, max: 6.9, zeros: 0 });
  });

  it('is shown as formats have it', () => {
    const path = join(files, 'real.csv');
    const { formats } = describeFiles('csv', `${path},${path}`, {});
    // 0.5 -0.25 0.1 0.125 -1 1 0 0 1: in eighths 4 -2 1 1 -8 7 0 0 7
    expect(formats[0]).toEqual({ bits: 4, zeros: 2 / 9, vanish: 0, saturate: 2 / 9, levels: 6 });
    expect(formats[2]).toMatchObject({ bits: 8, vanish: 0, saturate: 2 / 9, levels: 7 });
  });

  it.each([
    ['pixels', 'plain.csv', 'pixels'],
    ['numbers of -1..1', 'real.csv', 'numbers'],
    ['other numbers', 'measures.csv', 'refused'],
  ])('says how %s are taken', (_, file, taken) => {
    const path = join(files, file);
    expect(describeFiles('csv', `${path},${path}`, {}).taken).toBe(taken);
  });

  it('with a scaling asked for is shown scaled', () => {
    const found = describeFiles('csv', FLOWERS, { scaling: 'minmax' });
    expect(found).toMatchObject({ taken: 'scaled', scaling: 'minmax' });
    expect(found.formats[0].zeros).toBeGreaterThan(0);
  });
});

describe('advice', () => {
  const adviceFor = (text: string): string => adviceOn(describeFiles('csv', written(text), {})).join('\n');
  const lines = (count: number, of: (n: number) => string): string =>
    Array.from({ length: count }, (_, n) => of(n)).join('\n');

  it('names a scaling where one is needed, and the constant where features are few', () => {
    const advice = adviceOn(describeFiles('csv', FLOWERS, {})).join('\n');
    expect(advice).toMatch(/they need --scaling, such as standard/);
    expect(advice).toMatch(/--constant, one more for the first layer/);
    expect(advice).toMatch(/few samples to test with \(15\)/);
  });

  it('says where few features, or all of many, are small among pixels', () => {
    const small = (text: string): RegExpMatchArray | null => adviceFor(text).match(/(.*): below 64 of a pixel's 255/);
    expect(small(lines(200, (n) => `${n % 2},${n % 9},${n % 250}`))?.[1]).toBe('feature 1');
    const many = (most: number): string => lines(99, (n) => [n % 2, ...new Array(99).fill(n % 17), n % most].join());
    expect(small(many(17))?.[1]).toMatch(/^feature 1, .* and 95 more$/);
    expect(small(many(90))).toBeNull();
    expect(adviceFor(lines(99, (n) => [n % 2, ...new Array(99).fill(0), n % 256].join()))).not.toMatch(/never varies/);
  });

  it('says first where there is only one class', () => {
    const advice = adviceOn(describeFiles('csv', written('a,kind\n1,ant\n3,ant\n4,ant\n'), {}));
    expect(advice[0]).toBe('ant is the only class: there is nothing to tell apart');
  });

  it('leaves the constant out where a feature is one', () => {
    expect(adviceFor(lines(200, (n) => `${n % 2},${n % 7},1`))).not.toMatch(/--constant/);
  });

  it('finds row numbers, features that never vary and rare classes', () => {
    const advice = adviceFor(
      `id,a,still,label\n${lines(300, (n) => `${n + 1},${n % 9},5,${n < 5 ? 'rare' : 'usual'}`)}`,
    );
    expect(advice).toMatch(/^.*id: looks like a number of the row/m);
    expect(advice).toMatch(/still: never varies/);
    expect(advice).toMatch(/few training samples of rare \(\d\)/);
  });
});
