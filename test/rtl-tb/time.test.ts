import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../src/config/index.js';
import { loadDataset } from '../../src/data/index.js';
import { plan } from '../../src/datapath/plan.js';
import { featuresOf } from '../../src/datapath/rate.js';
import { writeGolden } from '../../src/golden/index.js';
import { emit } from '../../src/rtl/index.js';
import { temporaryFolder } from '../helpers/folder.js';
import { compileBench, coreArguments, isDone, missingIcarus, runBench, writeDesign } from './icarus.js';

type Fields = Partial<Parameters<typeof parseConfig>[0]>;

/** A core in time with golden vectors, its testbench compiled for Icarus. */
const prepare = async (fields: Fields, host?: number) => {
  const dir = temporaryFolder();
  const design = plan(
    parseConfig({ name: 'some', layers: [7, 6, 5, 3], data: 'synthetic', seed: 5, lanes: 2, ...fields }),
  );
  const files = emit(design);
  writeDesign(files, dir);
  const rtl = (files.get('filelist.f') ?? '').split('\n').filter((line) => line.endsWith('.sv'));
  const complaints = await compileBench(dir, 'some_tb', rtl, 'bench.vvp');
  const shape = { inputs: featuresOf(design.config), classes: design.classes, seed: 5, count: SAMPLES };
  const golden = join(dir, 'golden');
  const options = { samples: SAMPLES, trace: SAMPLES, ...(host === undefined ? {} : { host }) };
  const manifest = await writeGolden(design, loadDataset('synthetic', 'train', shape), options, golden);
  return { dir, golden, manifest, complaints, plusargs: await coreArguments(design, golden, manifest, dir) };
};

const SAMPLES = 6;

/** Each encoding, cell and mode, layers that see themselves or do not, lanes more and fewer than neurons. */
const NETWORKS: readonly (readonly [string, Fields])[] = [
  ['spikes, the input constant', { steps: 4, cell: 'snu' }],
  ['spikes from probabilities, then relu', { steps: 5, cell: ['snu', 'relu'], encoding: 'rate', lanes: 3 }],
  [
    'recurrent tanh and snu, row by row, local',
    { steps: 3, cell: ['tanh', 'snu'], recurrent: true, encoding: 'rows', grapes: { mode: 'local' } },
  ],
  [
    'recurrent snu, the input constant, off',
    { steps: 4, cell: 'snu', recurrent: true, grapes: { mode: 'off' }, lanes: 8 },
  ],
  [
    'recurrent at the bottom alone, spikes in, one lane',
    { steps: 3, cell: ['tanh', 'tanh'], recurrent: [true, false], encoding: 'events', lanes: 1 },
  ],
  [
    'one step of recurrent tanh, nearest rounding',
    {
      layers: [7, 1, 2],
      steps: 1,
      cell: 'tanh',
      recurrent: true,
      rounding: 'nearest',
      grapes: { mode: 'propagating', clip: 'full' },
    },
  ],
  [
    'wide and narrow bits, 64 steps',
    { layers: [3, 4, 2], bits: { weight: 12, activation: 4, error: 16 }, steps: 64, cell: 'snu', encoding: 'rate' },
  ],
  ['two classes, one lane', { layers: [7, 5, 2], steps: 4, cell: 'snu', lanes: 1, grapes: { mode: 'off' } }],
];

const complaintsOf = (lines: readonly string[]): string[] => lines.filter((line) => /MISMATCH|ERROR|BROKEN/.test(line));

describe.skipIf(missingIcarus)(`cores of networks in time ${missingIcarus ?? ''}`, () => {
  it.each(NETWORKS)('%s: every value of every step is the model’s', async (_, fields) => {
    const { dir, complaints, plusargs } = await prepare(fields);
    expect(complaints).toBe('');
    const lines = await runBench(dir, 'bench.vvp', [...plusargs, '+stall', '+stall_seed=3']);
    expect(complaintsOf(lines)).toEqual([]);
    expect(isDone(lines)).toBe(true);
  });

  it.each([1, 2, 3])('holds for a host that varies everything, seed %i', async (host) => {
    const [, fields] = NETWORKS[host];
    const { dir, plusargs } = await prepare(fields, host);
    const lines = await runBench(dir, 'bench.vvp', [...plusargs]);
    expect(complaintsOf(lines)).toEqual([]);
    expect(isDone(lines)).toBe(true);
  });

  it('notices one wrong bit in any golden file that it compares', async () => {
    const [, , [, fields]] = NETWORKS;
    const { dir, golden, manifest, plusargs } = await prepare(fields);
    const told = plusargs.filter((argument) => !argument.startsWith('+golden='));
    const unseen = /^(input|label|uerror|strength|factor|.*_init)/;
    const shown = Object.keys(manifest.files).filter((file) => !unseen.test(file));
    expect(shown.length).toBeGreaterThan(12);
    for (const file of shown) {
      const wrong = temporaryFolder();
      cpSync(golden, wrong, { recursive: true });
      const lines = readFileSync(join(golden, file), 'latin1').split('\n');
      const at = lines.length >> 1;
      const digit = (Number.parseInt(lines[at].slice(-1), 16) ^ 1).toString(16);
      lines[at] = `${lines[at].slice(0, -1)}${digit}`;
      writeFileSync(join(wrong, file), lines.join('\n'));
      const said = await runBench(dir, 'bench.vvp', [`+golden=${wrong}`, ...told]);
      expect({ file, noticed: complaintsOf(said).length > 0 && !isDone(said) }).toEqual({ file, noticed: true });
    }
  });
});
