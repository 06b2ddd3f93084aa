import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseConfig } from '../../src/config/index.js';
import { loadDataset } from '../../src/data/index.js';
import { type Plan, plan } from '../../src/datapath/plan.js';
import { type HostLine, line } from '../../src/golden/host.js';
import { type GoldenOptions, type Manifest, writeGolden } from '../../src/golden/index.js';
import { emit } from '../../src/rtl/index.js';
import { temporaryFolder } from '../helpers/folder.js';
import { signed } from '../helpers/signed.js';
import { compileBench, coreArguments, isDone, missingIcarus, runBench, writeDesign } from './icarus.js';

interface Prepared {
  readonly manifest: Manifest;
  readonly plusargs: readonly string[];
  readonly complaints: string;
}

/** A design with golden vectors and a compiled testbench, and what to run it with. */
const prepare = async (
  dir: string,
  fields: Partial<Parameters<typeof parseConfig>[0]>,
  { samples = 8, ...host }: Pick<GoldenOptions, 'host'> & { readonly samples?: number } = {},
): Promise<Prepared> => {
  const design: Plan = plan(parseConfig({ name: 'some', data: 'synthetic', seed: 5, ...fields }));
  const { layers } = design.config;
  const files = emit(design);
  writeDesign(files, dir);
  const rtl = (files.get('filelist.f') ?? '').split('\n').filter((line) => line.endsWith('.sv'));
  const complaints = await compileBench(dir, 'some_tb', rtl, 'bench.vvp');
  const shape = { inputs: layers[0], classes: design.classes, seed: 5, count: samples };
  const data = signed(loadDataset('synthetic', 'train', shape));
  const golden = join(dir, 'golden');
  const manifest = await writeGolden(design, data, { samples, trace: samples, ...host }, golden);
  return { manifest, complaints, plusargs: await coreArguments(design, golden, manifest, dir) };
};

const SOME = {
  layers: [5, 7, 4, 3],
  lanes: 2,
  learningRateShift: [
    { epoch: 0, shift: 5 },
    { epoch: 1, shift: 9 },
  ],
};

const complaintsOf = (lines: readonly string[]): string[] => lines.filter((line) => /MISMATCH|ERROR|BROKEN/.test(line));

/** The first active neuron of a hidden layer from place `from` of its files on: the core makes no factor of others. */
const activeFrom = (golden: string, layer: number, from: number): number => {
  const values = readFileSync(join(golden, `activation${layer}.mem`), 'latin1')
    .trim()
    .split('\n');
  return values.findIndex((value, at) => at >= from && Number.parseInt(value, 16) !== 0);
};

describe.skipIf(missingIcarus)(`testbench of the core ${missingIcarus ?? ''}`, () => {
  let dir: string;
  let prepared: Prepared;
  const run = (golden: string, ...more: string[]): Promise<string[]> => {
    const told = prepared.plusargs.filter((argument) => !argument.startsWith('+golden='));
    return runBench(dir, 'bench.vvp', [`+golden=${golden}`, ...told, ...more]);
  };

  beforeAll(async () => {
    dir = mkdtempSync(join(tmpdir(), 'grapes-test-'));
    prepared = await prepare(dir, SOME);
  });
  afterAll(() => rmSync(dir, { recursive: true, force: true }));

  it('compiles without a complaint', () => {
    expect(prepared.complaints).toBe('');
  });

  it.each([{ plusargs: [] }, { plusargs: ['+stall', '+stall_seed=3'] }])(
    'passes with $plusargs',
    async ({ plusargs }) => {
      const lines = await run(join(dir, 'golden'), ...plusargs);
      expect(complaintsOf(lines)).toEqual([]);
      expect(isDone(lines)).toBe(true);
    },
  );

  it('notices one wrong bit in any golden file', async () => {
    const golden = temporaryFolder();
    for (const file of Object.keys(prepared.manifest.files)) {
      cpSync(join(dir, 'golden'), golden, { recursive: true });
      const path = join(golden, file);
      const values = readFileSync(path, 'utf8').split('\n');
      const middle = Math.floor(((values.length - 1) * 2) / 3);
      const at = /^(strength|factor)/.test(file)
        ? activeFrom(golden, Number(file[file.indexOf('.') - 1]), middle)
        : middle;
      const flipped = Number.parseInt(values[at].slice(-1), 16) ^ 1;
      values[at] = values[at].slice(0, -1) + flipped.toString(16);
      writeFileSync(path, values.join('\n'));
      const lines = await run(golden);
      expect([file, isDone(lines), lines.some((line) => line.includes('MISMATCH'))]).toEqual([file, false, true]);
    }
  });

  it('names the contract that a fault breaks', async () => {
    const faulty = temporaryFolder();
    const { plusargs } = await prepare(faulty, { ...SOME, layers: [2, 9, 3] });
    const sequencer = join(faulty, 'grapes_sequencer.sv');
    const wait = '(pass_q.waits_sums && entry_last && sums_busy_i)';
    const text = readFileSync(sequencer, 'utf8');
    expect(text).toContain(wait);
    writeFileSync(sequencer, text.replace(wait, "1'b0"));
    const rtl = readFileSync(join(faulty, 'filelist.f'), 'utf8').split('\n').filter(Boolean);
    await compileBench(faulty, 'some_tb', rtl, 'bench.vvp');
    expect(await runBench(faulty, 'bench.vvp', plusargs)).toContain(
      'GRAPES BROKEN grapes_drain: sums come when the group before is drained',
    );
  });

  it('does not pass a golden file that ends early', async () => {
    const golden = temporaryFolder();
    cpSync(join(dir, 'golden'), golden, { recursive: true });
    const path = join(golden, 'digest.mem');
    writeFileSync(path, readFileSync(path, 'utf8').split('\n').slice(0, 3).join('\n'));
    const lines = await run(golden);
    expect([isDone(lines), lines.some((line) => line.includes('ERROR'))]).toEqual([false, true]);
  });

  it('names the sample and the place of the first difference', async () => {
    const golden = temporaryFolder();
    cpSync(join(dir, 'golden'), golden, { recursive: true });
    const path = join(golden, 'factor2.mem');
    const values = readFileSync(path, 'utf8').split('\n');
    // 4 rows a sample
    const at = activeFrom(golden, 2, 2 * 4);
    values[at] = '0aa';
    writeFileSync(path, values.join('\n'));
    const place = `sample=${Math.floor(at / 4)} layer=2 row=${at % 4}`;
    expect((await run(golden)).find((line) => line.includes('MISMATCH'))).toMatch(
      new RegExp(`^GRAPES MISMATCH kind=factor ${place} column=-1 expected=aa actual=[0-9a-f]+ bits=9 cycle=\\d+$`),
    );
  });
});

describe.skipIf(missingIcarus)(`a host that varies everything ${missingIcarus ?? ''}`, () => {
  it.each([
    { title: 'some layers', fields: SOME, host: 1 },
    { title: 'one layer', fields: { ...SOME, layers: [3, 4] }, host: 2 },
    { title: 'more lanes than neurons', fields: { ...SOME, layers: [3, 2, 1, 4], lanes: 5 }, host: 3 },
    { title: 'one lane, without GRAPES', fields: { ...SOME, lanes: 1, grapes: { mode: 'off' } }, host: 4 },
    { title: 'rounding to nearest', fields: { ...SOME, rounding: 'nearest' }, host: 5 },
  ])('passes with $title', async ({ fields, host }) => {
    const dir = temporaryFolder();
    const { complaints, plusargs } = await prepare(dir, fields as Parameters<typeof prepare>[1], { host });
    expect(complaints).toBe('');
    for (const more of [[], ['+stall', '+stall_seed=7']]) {
      const lines = await runBench(dir, 'bench.vvp', [...plusargs, ...more]);
      expect(complaintsOf(lines)).toEqual([]);
      expect(isDone(lines)).toBe(true);
    }
  });

  const train = (value: number, wait = 0): HostLine => line('train', { value, wait });
  const six = <T>(of: (n: number) => T): T[] => Array.from({ length: 6 }, (_, n) => of(n));

  it.each([
    { title: 'rates that alternate', samples: six((n) => train(n % 2 === 0 ? 5 : 9)) },
    { title: 'one sample', samples: [train(5)] },
    { title: 'a pause after the first sample', samples: six((n) => train(5, n === 1 ? 300 : 0)) },
    {
      title: 'inferences of rate 0 between trainings',
      samples: six((n) => (n % 2 === 0 ? train(9) : line('infer', { value: 0 }))),
    },
    { title: 'inferences alone', samples: six(() => line('infer')) },
    { title: 'a reset after each sample', samples: six((n) => (n % 2 === 0 ? train(5) : line('reset', { value: 1 }))) },
    {
      title: 'a reset in each cycle of a sample',
      samples: Array.from({ length: 90 }, (_, cycle) => [
        line('abort', { value: cycle, row: 1 }),
        line('load'),
        train(5 + (cycle % 4)),
        line('readCounter'),
      ]).flat(),
    },
  ])('passes with $title', async ({ samples }) => {
    const dir = temporaryFolder();
    const host = [line('reset', { value: 1 }), line('load'), ...samples, line('final')];
    const count = samples.filter(({ operation }) => operation === 'train' || operation === 'infer').length;
    const { plusargs } = await prepare(dir, { ...SOME, layers: [4, 8, 3] }, { samples: count, host });
    const lines = await runBench(dir, 'bench.vvp', plusargs);
    expect(complaintsOf(lines)).toEqual([]);
    expect(isDone(lines)).toBe(true);
  });

  it('passes with 300 lanes', async () => {
    const dir = temporaryFolder();
    const { plusargs } = await prepare(dir, { ...SOME, layers: [2, 3], lanes: 300 }, { samples: 2 });
    const lines = await runBench(dir, 'bench.vvp', plusargs);
    expect(complaintsOf(lines)).toEqual([]);
    expect(isDone(lines)).toBe(true);
  });
});
