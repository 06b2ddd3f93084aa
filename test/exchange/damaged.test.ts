import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { readModel } from '../../src/exchange/index.js';
import { UserError } from '../../src/fx/error.js';
import { scale, xorshift } from '../../src/fx/random.js';
import { fileWith, safetensorsFile } from './build.js';
import { fixture } from './models.js';

const FILES = [
  'keras.h5',
  'keras.weights.h5',
  'keras-rnn.keras',
  'torch-rnn.safetensors',
  'torch.onnx',
  'torch-rnn.onnx',
  'types.npz',
];

const RUNS = 40;

/** The first bytes and the last ones, where headers and tables of contents lie. */
const ENDS = 4000;

/** Reads a damaged file: it gives a model or says what is wrong, and nothing else. */
const readDamaged = async (name: string, bytes: Uint8Array): Promise<void> => {
  try {
    await readModel(fileWith(name, bytes));
  } catch (error) {
    expect(error).toBeInstanceOf(UserError);
  }
};

describe.each(FILES)('%s, damaged', (name) => {
  const whole = readFileSync(fixture(name));
  let y = 2463534242;
  const below = (n: number): number => {
    y = xorshift(y);
    return scale(y, n);
  };
  // jsfive prints what it does not know
  beforeEach(() => {
    vi.spyOn(console, 'log').mockImplementation(() => {});
  });
  afterEach(() => vi.restoreAllMocks());

  test('cut short anywhere', async () => {
    for (let n = 0; n < RUNS; n++) await readDamaged(name, whole.subarray(0, below(whole.length)));
  });

  test('with other bytes near either end', async () => {
    for (let n = 0; n < RUNS; n++) {
      const bytes = Uint8Array.from(whole);
      for (let k = 0; k < 6; k++) {
        const from = below(2) === 0 ? below(ENDS) : whole.length - 1 - below(ENDS);
        bytes[Math.max(0, Math.min(whole.length - 1, from))] = below(3) === 0 ? 255 : below(256);
      }
      await readDamaged(name, bytes);
    }
  });
});

test('a zip that would unpack to more than any network is refused unread', async () => {
  const bytes = Uint8Array.from(readFileSync(fixture('numpy.npz')));
  const view = new DataView(bytes.buffer);
  for (let at = 0; at < bytes.length - 4; at++) {
    if (view.getUint32(at, true) === 0x02014b50) view.setUint32(at + 24, 0xf0000000, true);
  }
  await expect(readModel(fileWith('bomb.npz', bytes))).rejects.toThrow(/bomb\.npz: /);
});

test('a number of tensors that no network has is refused in time', async () => {
  const tensors = Object.fromEntries(Array.from({ length: 500 }, (_, n) => [`${'x'.repeat(n % 7)}${n}`, [2, 2]]));
  await expect(readModel(safetensorsFile(tensors))).rejects.toThrow(UserError);
});
