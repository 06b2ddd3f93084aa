import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { readSafetensors } from '../../src/exchange/safetensors.js';
import { NUMBERS, numbersIn, readNpy, unzip } from '../../src/files/index.js';
import { fixture } from './models.js';

const REAL = [-1.5, 0.25, 3, 100, -64, 0];
const WHOLE = [-1, 0, 3, 100, -64, 0];
const valuesOf = (name: string): readonly number[] =>
  name === 'unsigned.npy' ? [1, 0, 3, 100, 64, 0] : name.startsWith('int') ? WHOLE : REAL;

describe('every type of number, as the libraries write it', () => {
  const arrays = unzip(readFileSync(fixture('types.npz')), 'types.npz');

  test.each([...arrays.keys()])('numpy: %s', (name) => {
    const { shape, values } = readNpy(arrays.get(name) ?? new Uint8Array(), name);
    expect(shape).toEqual([2, 3]);
    expect(Array.from<number | string, number>(values, (v) => Number(v) + 0)).toEqual(valuesOf(name));
  });

  const { tensors } = readSafetensors(readFileSync(fixture('types.safetensors')), 'types.safetensors');

  test.each(tensors)('safetensors: $name', ({ name, shape, values }) => {
    expect(shape).toEqual([2, 3]);
    expect([...values].map((v) => v + 0)).toEqual(valuesOf(name));
  });

  test('all of them', () => {
    expect([...arrays.keys()].length).toBe(11);
    expect(tensors.length).toBe(7);
  });
});

describe('16-bit floats', () => {
  test.each([
    [0x3c00, 1],
    [0xbc00, -1],
    [0x7bff, 65504],
    [0x0400, 2 ** -14],
    [0x0001, 2 ** -24],
    [0x8001, -(2 ** -24)],
    [0x03ff, 1023 * 2 ** -24],
    [0x7c00, Number.POSITIVE_INFINITY],
    [0xfc00, Number.NEGATIVE_INFINITY],
    [0x7e00, Number.NaN],
  ])('binary16 %i is %d', (bits, value) => {
    expect(numbersIn(new Uint8Array(Uint16Array.of(bits).buffer), NUMBERS.F16)).toEqual(Float64Array.of(value));
  });

  test.each([
    [0x3f80, 1],
    [0xc049, -3.140625],
    [0x7f80, Number.POSITIVE_INFINITY],
    [0x0001, 2 ** -133],
  ])('bfloat16 %i is %d', (bits, value) => {
    expect(numbersIn(new Uint8Array(Uint16Array.of(bits).buffer), NUMBERS.BF16)).toEqual(Float64Array.of(value));
  });
});
