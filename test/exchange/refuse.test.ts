import { readFileSync } from 'node:fs';
import { zipSync } from 'fflate';
import { describe, expect, test } from 'vitest';
import { readModel } from '../../src/exchange/index.js';
import { toNpy } from '../../src/files/index.js';
import { UserError } from '../../src/fx/error.js';
import { fileWith, safetensorsFile } from './build.js';
import { fixture } from './models.js';

/** A safetensors file with this header and so many bytes of numbers. */
const safetensors = (header: string, numbers = 0): Uint8Array => {
  const start = Buffer.alloc(8);
  start.writeBigUInt64LE(BigInt(header.length));
  return Buffer.concat([start, Buffer.from(header), Buffer.alloc(numbers)]);
};

const entry = (dtype: string, shape: readonly number[], offsets: readonly number[]): string =>
  JSON.stringify({ w: { dtype, shape, data_offsets: offsets } });

const npz = (files: Readonly<Record<string, Uint8Array>>): Uint8Array => zipSync({ ...files });

interface Case {
  readonly what: string;
  readonly name: string;
  readonly bytes: () => Uint8Array | string;
  readonly says: RegExp;
}

const MODEL = 'model.safetensors';

const CASES: readonly Case[] = [
  { what: 'an empty file', name: MODEL, bytes: () => '', says: /is empty/ },
  {
    what: 'another format',
    name: 'model.txt',
    bytes: () => 'hello',
    says: /is of no known format, must be .safetensors/,
  },
  {
    what: 'a pickle of PyTorch',
    name: 'model.pt',
    bytes: () => npz({ 'model/data.pkl': Uint8Array.of(1) }),
    says: /is a pickle of PyTorch, .*; save it with safetensors.torch.save_file/,
  },
  { what: 'an old pickle', name: 'model.pth', bytes: () => '\x80\x02}q', says: /is of no known format|is a pickle/ },
  {
    what: 'text called safetensors',
    name: MODEL,
    bytes: () => 'once upon a time',
    says: /is cut short or no safetensors/,
  },
  {
    what: 'a header longer than the file',
    name: MODEL,
    bytes: () => safetensors('{}').subarray(0, 9),
    says: /is cut short/,
  },
  {
    what: 'a header that is a list',
    name: MODEL,
    bytes: () => safetensors('[]'),
    says: /its header is no JSON object/,
  },
  {
    what: 'a header that is no JSON',
    name: MODEL,
    bytes: () => safetensors('{"w":'),
    says: /its header is no JSON object/,
  },
  {
    what: 'an unknown type',
    name: MODEL,
    bytes: () => safetensors(entry('F8_E4M3', [2], [0, 2]), 2),
    says: /w is of type F8_E4M3, must be F64, F32, F16, BF16/,
  },
  {
    what: 'numbers beyond the end',
    name: MODEL,
    bytes: () => safetensors(entry('F32', [2, 2], [0, 16]), 12),
    says: /w lies at bytes 0..16, must take 16 of the file's 12/,
  },
  {
    what: 'numbers that are not as many as the shape says',
    name: MODEL,
    bytes: () => safetensors(entry('F32', [2, 2], [0, 12]), 12),
    says: /w lies at bytes 0..12, must take 16/,
  },
  {
    what: 'a shape larger than any network',
    name: MODEL,
    bytes: () => safetensors(entry('F32', [1e6, 1e6], [0, 4]), 4),
    says: /w has the shape 1000000 x 1000000, must have at most 268435456 entries/,
  },
  {
    what: 'negative sizes',
    name: MODEL,
    bytes: () => safetensors(entry('F32', [-1, -4], [0, 16]), 16),
    says: /w has no dtype, shape and data_offsets/,
  },
  {
    what: 'a zip that ends early',
    name: 'a.npz',
    bytes: () => readFileSync(fixture('numpy.npz')).subarray(0, 9000),
    says: /is no zip archive, cut short or damaged/,
  },
  {
    what: 'an npz without arrays',
    name: 'a.npz',
    bytes: () => npz({ 'readme.txt': Uint8Array.of(1) }),
    says: /holds no matrices/,
  },
  {
    what: 'an array of strings',
    name: 'a.npz',
    bytes: () => npz({ 'w.npy': toNpy('F32', [1, 1], new Uint8Array(16)).map((v, i) => (i === 22 ? 85 : v)) }),
    says: /w holds texts, must hold numbers/,
  },
  {
    what: 'an array of objects',
    name: 'a.npz',
    bytes: () => npz({ 'w.npy': toNpy('F32', [1, 1], new Uint8Array(4)).map((v, i) => (i === 22 ? 79 : v)) }),
    says: /a\.npz \(w\): is of type '<O4', must be numbers or strings \(f8, f4, f2/,
  },
  {
    what: 'an array that is cut short',
    name: 'a.npz',
    bytes: () => npz({ 'w.npy': toNpy('F32', [2, 2], new Uint8Array(16)).subarray(0, -4) }),
    says: /a\.npz \(w\): has 12 bytes of values, must have 16/,
  },
  {
    what: 'an array that is none',
    name: 'a.npz',
    bytes: () => npz({ 'w.npy': Uint8Array.of(1, 2) }),
    says: /a\.npz \(w\): is no .npy array/,
  },
  {
    what: 'an HDF5 file that is cut short',
    name: 'a.h5',
    bytes: () => readFileSync(fixture('keras.h5')).subarray(0, 20000),
    says: /cut short/,
  },
  { what: 'an HDF5 file in name only', name: 'a.h5', bytes: () => '\x89HDF', says: /is of no known format|is no HDF5/ },
  {
    what: 'ONNX that is cut short',
    name: 'a.onnx',
    bytes: () => readFileSync(fixture('torch.onnx')).subarray(0, 5000),
    says: /is no ONNX model, cut short or damaged/,
  },
  { what: 'ONNX in name only', name: 'a.onnx', bytes: () => 'hello world', says: /is no ONNX model/ },
];

describe('refused, with what to do', () => {
  test.each(CASES)('$what', async ({ name, bytes, says }) => {
    const file = fileWith(name, bytes());
    const reading = readModel(file);
    await expect(reading).rejects.toThrow(UserError);
    await expect(reading).rejects.toThrow(says);
    await expect(reading).rejects.toThrow(file);
  });

  test.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])('a weight that is %d', async (v) => {
    const values = [0, 1, 2, 3, v, 5];
    const file = safetensorsFile({ 'fc.weight': { shape: [2, 3], values } });
    await expect(readModel(file)).rejects.toThrow(`fc[1, 1] is ${v}, must be finite`);
  });

  test('a file that is not there', async () => {
    await expect(readModel('none.npz')).rejects.toThrow('none.npz: does not exist');
  });
});
