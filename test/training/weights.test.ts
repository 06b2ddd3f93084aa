import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Plan } from '../../src/datapath/plan.js';
import { writeExchange } from '../../src/exchange/index.js';
import { Network } from '../../src/model/index.js';
import { readWeights, writeWeights } from '../../src/training/index.js';
import { temporaryFolder } from '../helpers/folder.js';
import { learner } from './learner.js';

const weightsOf = (design: Plan): Int16Array[] => {
  const network = new Network(design);
  return design.layers.map(({ index }) => network.weights(index));
};

const folderWith = (design: Plan, weights: readonly Int16Array[]): string => {
  const folder = temporaryFolder();
  writeWeights(folder, design, weights);
  writeExchange(folder, design, weights, '{}', ['npy']);
  return folder;
};

describe.each([4, 8, 9, 16])('weights of %d bits', (bits) => {
  const design = learner({ bits });
  const weights = weightsOf(design);
  let folder: string;
  beforeEach(() => {
    folder = folderWith(design, weights);
  });

  it('come back from .mem files', () => expect(readWeights(folder, design)).toEqual(weights));

  it('have a line each, in hexadecimal', () => {
    const lines = readFileSync(join(folder, 'weight2.mem'), 'latin1').split('\n');
    expect(lines).toHaveLength(4 * 16 + 1);
    expect(lines[0]).toBe((weights[1][0] & (2 ** bits - 1)).toString(16).padStart(Math.ceil(bits / 4), '0'));
  });

  it('are .npy files of the format 1.0', () => {
    const bytes = readFileSync(join(folder, 'weight1.npy'));
    const header = 10 + bytes.readUInt16LE(8);
    const width = bits <= 8 ? 1 : 2;
    expect(bytes.subarray(0, 8).toString('latin1')).toBe('\x93NUMPY\x01\x00');
    expect(header % 64).toBe(0);
    expect(bytes.subarray(10, header).toString('latin1').trimEnd()).toBe(
      `{'descr': '${bits <= 8 ? '|i1' : '<i2'}', 'fortran_order': False, 'shape': (16, 30), }`,
    );
    expect(bytes[header - 1]).toBe(10);
    expect(bytes.length).toBe(header + 16 * 30 * width);
    const values = Array.from({ length: 480 }, (_, i) =>
      width === 1 ? bytes.readInt8(header + i) : bytes.readInt16LE(header + 2 * i),
    );
    expect(values).toEqual([...weights[0]]);
  });
});

const numpy = spawnSync('python3', ['-c', 'import numpy']).status === 0;

it.skipIf(!numpy)('numpy reads the .npy files (pip install numpy)', () => {
  const design = learner();
  const weights = weightsOf(design);
  const folder = folderWith(design, weights);
  const code =
    'import numpy, json, sys; a = numpy.load(sys.argv[1]); print(json.dumps([str(a.dtype), a.shape, a.tolist()]))';
  const { stdout } = spawnSync('python3', ['-c', code, join(folder, 'weight1.npy')], { encoding: 'utf8' });
  const rows = Array.from({ length: 16 }, (_, i) => [...weights[0].subarray(i * 30, (i + 1) * 30)]);
  expect(JSON.parse(stdout)).toEqual(['int8', [16, 30], rows]);
});

describe('weights are refused', () => {
  const design = learner();

  it.each([
    {
      what: 'for too few values',
      change: (text: string) => text.slice(3),
      text: 'has 479 values, must have 480 (16 x 30)',
    },
    {
      what: 'for values of another width',
      change: (text: string) => text.replace(/\n/, 'f\n'),
      text: 'must be 2 lower-case hex digits of a 8-bit value',
    },
    { what: 'for something else', change: () => 'x\n'.repeat(480), text: 'line 1 is "x", must be 2 lower-case hex' },
  ])('$what', ({ change, text }) => {
    const folder = folderWith(design, weightsOf(design));
    const file = join(folder, 'weight1.mem');
    writeFileSync(file, change(readFileSync(file, 'latin1')));
    expect(() => readWeights(folder, design)).toThrow(`${file}: `);
    expect(() => readWeights(folder, design)).toThrow(text);
  });

  it('for a missing file', () => {
    const folder = temporaryFolder();
    expect(readdirSync(folder)).toEqual([]);
    expect(() => readWeights(folder, design)).toThrow('weight1.mem: does not exist');
  });
});
