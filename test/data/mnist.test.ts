import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadMnist } from '../../src/data/index.js';

describe('the digits of the npm package', () => {
  const train = loadMnist('train');
  const test = loadMnist('test');

  it('are 60,000 to train and 10,000 to test', () => {
    expect(train).toMatchObject({ name: 'mnist', split: 'train', inputs: 784, classes: 10, count: 60_000 });
    expect(test).toMatchObject({ name: 'mnist', split: 'test', inputs: 784, classes: 10, count: 10_000 });
    expect(train.features).toHaveLength(60_000 * 784);
  });

  it('start as published', () => {
    expect([...train.labels.subarray(0, 10)]).toEqual([5, 0, 4, 1, 9, 2, 1, 3, 1, 4]);
    expect([...test.labels.subarray(0, 10)]).toEqual([7, 2, 1, 0, 4, 1, 4, 9, 5, 9]);
  });

  it('leave about 80 % of the pixels dark', () => {
    const dark = test.features.filter((p) => p === 0).length;
    expect(dark / test.features.length).toBeCloseTo(0.81, 2);
  });
});

describe('a folder of damaged files', () => {
  const big = (n: number): number[] => [n >>> 24, (n >>> 16) & 255, (n >>> 8) & 255, n & 255];
  const folderWith = (images: number[], labels: number[]): string => {
    const folder = mkdtempSync(join(tmpdir(), 'grapes-mnist-'));
    writeFileSync(join(folder, 't10k-images-idx3-ubyte'), Uint8Array.from(images));
    writeFileSync(join(folder, 't10k-labels-idx1-ubyte'), Uint8Array.from(labels));
    return folder;
  };
  const images = [0, 0, 8, 3, ...big(2), ...big(1), ...big(1), 7, 9];

  it('is refused for a missing file', () => {
    const folder = mkdtempSync(join(tmpdir(), 'grapes-mnist-'));
    expect(() => loadMnist('train', folder)).toThrow('train-images-idx3-ubyte: does not exist; check the path');
  });

  it('is refused for a label out of range', () => {
    const folder = folderWith(images, [0, 0, 8, 1, ...big(2), 3, 10]);
    expect(() => loadMnist('test', folder)).toThrow(
      't10k-labels-idx1-ubyte: sample 1 has the label "10", must be one of 0, 1, 2',
    );
  });

  it('is refused for too few labels', () => {
    const folder = folderWith(images, [0, 0, 8, 1, ...big(1), 3]);
    expect(() => loadMnist('test', folder)).toThrow('has 1 labels, must have 2, one for each sample');
  });
});
