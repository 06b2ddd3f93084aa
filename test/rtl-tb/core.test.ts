import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseConfig } from '../../src/config/index.js';
import { loadDataset } from '../../src/data/index.js';
import { type Plan, plan } from '../../src/datapath/plan.js';
import { type Manifest, writeGolden } from '../../src/golden/index.js';
import { emit } from '../../src/rtl/index.js';
import { temporaryFolder } from '../helpers/folder.js';
import { signed } from '../helpers/signed.js';
import { compileBench, isDone, missingIcarus, runBench, writeDesign } from './icarus.js';

const SAMPLES = 8;
const RATE = 6;
const config = parseConfig({
  name: 'some',
  layers: [5, 7, 4, 3],
  lanes: 2,
  data: 'synthetic',
  seed: 5,
  learningRateShift: RATE,
});
const design: Plan = plan(config);

/** A design with golden vectors and a compiled testbench, and what to run it with. */
const prepare = async (dir: string): Promise<{ manifest: Manifest; plusargs: string[]; complaints: string }> => {
  const files = emit(design);
  writeDesign(files, dir);
  const rtl = (files.get('filelist.f') ?? '').split('\n').filter((line) => line.endsWith('.sv'));
  const complaints = await compileBench(dir, 'some_tb', rtl, 'bench.vvp');
  const data = signed(loadDataset('synthetic', 'train', { inputs: 5, classes: 3, seed: 5, count: SAMPLES }));
  const manifest = await writeGolden(design, data, { samples: SAMPLES, trace: SAMPLES }, join(dir, 'golden'));
  const streams = manifest.rngState.map((state) => state.toString(16).padStart(8, '0')).join('');
  return {
    manifest,
    complaints,
    plusargs: [
      ...[`+samples=${SAMPLES}`, `+trace=${manifest.trace}`, `+writes=${manifest.writes}`],
      ...['+final=1', `+rate=${RATE}`, `+streams=${streams}`],
    ],
  };
};

describe.skipIf(missingIcarus)(`testbench of the core ${missingIcarus ?? ''}`, () => {
  let dir: string;
  let prepared: Awaited<ReturnType<typeof prepare>>;
  const run = (golden: string, ...more: string[]): Promise<string[]> =>
    runBench(dir, 'bench.vvp', [`+golden=${golden}`, ...prepared.plusargs, ...more]);

  beforeAll(async () => {
    dir = mkdtempSync(join(tmpdir(), 'grapes-test-'));
    prepared = await prepare(dir);
  });
  afterAll(() => rmSync(dir, { recursive: true, force: true }));

  it('compiles without a complaint', () => {
    expect(prepared.complaints).toBe('');
  });

  it.each(
    [
      [] as string[],
      ['+fast_load'],
      ['+stall', '+stall_seed=3'],
      ['+infer'],
      ['+peek', '+stall'],
      ['+reset_at=30', '+infer', '+peek'],
      ['+reset_at=111'],
    ].map((plusargs) => ({ plusargs, title: plusargs.join(' ') || 'nothing more' })),
  )('passes with $title', async ({ plusargs }) => {
    const lines = await run(join(dir, 'golden'), ...plusargs);
    expect(lines.filter((line) => line.includes('MISMATCH') || line.includes('ERROR'))).toEqual([]);
    expect(isDone(lines)).toBe(true);
  });

  it('notices one wrong bit in any golden file', async () => {
    const golden = temporaryFolder();
    for (const file of Object.keys(prepared.manifest.files)) {
      cpSync(join(dir, 'golden'), golden, { recursive: true });
      const path = join(golden, file);
      const values = readFileSync(path, 'utf8').split('\n');
      const at = Math.floor(((values.length - 1) * 2) / 3);
      const flipped = Number.parseInt(values[at].slice(-1), 16) ^ 1;
      values[at] = values[at].slice(0, -1) + flipped.toString(16);
      writeFileSync(path, values.join('\n'));
      const lines = await run(golden);
      expect([file, isDone(lines), lines.some((line) => line.includes('MISMATCH'))]).toEqual([file, false, true]);
    }
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
    // Sample 2, layer 2, row 3 of 4.
    values[2 * 4 + 3] = '0aa';
    writeFileSync(path, values.join('\n'));
    expect((await run(golden)).find((line) => line.includes('MISMATCH'))).toMatch(
      /^GRAPES MISMATCH kind=factor sample=2 layer=2 row=3 column=-1 expected=aa actual=[0-9a-f]+ bits=9 cycle=\d+$/,
    );
  });
});
