import { existsSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { cosimulate, describe as explain } from '../../src/cosim/index.js';
import { temporaryFolder } from '../helpers/folder.js';
import { countLines, fakeDesign, fakeGolden, fullCounts, request } from './design.js';

const MISMATCH = 'GRAPES MISMATCH kind=write sample=2 layer=1 row=4 column=1 expected=fe actual=7f bits=8 cycle=1234';

describe('a run passes', () => {
  test('where every value was compared and equal, on both simulators', async () => {
    const folder = temporaryFolder();
    const manifest = await fakeGolden(folder);
    const counts = fullCounts(manifest, folder);
    const design = fakeDesign(folder, countLines(counts, 6));
    const progress: string[] = [];
    const result = await cosimulate(
      request(folder, design, manifest, {
        simulators: ['verilator', 'icarus'],
        linters: ['verilator', 'icarus', 'yosys'],
        onProgress: (text) => progress.push(text),
      }),
    );
    expect(result.lint.map(({ complaints }) => complaints)).toEqual([[], [], []]);
    expect(result.runs.map((run) => [run.simulator, run.verdict.problems])).toEqual([
      ['verilator', []],
      ['icarus', []],
    ]);
    expect(result).toMatchObject({ ok: true, mismatches: 0 });
    expect(result.compared).toBe(2 * Object.values(counts).reduce((sum, n) => sum + n, 0));
    expect(result.runs[1]).toMatchObject({ steps: 3, cyclesPerStep: 100 });
    expect(result.runs[1].bound).toBeGreaterThan(0);
    expect(progress).toContain('Verilator: fake_tb: building');
  });

  test('from the cache the second time, and is built anew where a source differs', async () => {
    const folder = temporaryFolder();
    const manifest = await fakeGolden(folder);
    const lines = countLines(fullCounts(manifest, folder), 6);
    const run = (more: string[]) =>
      cosimulate(request(folder, fakeDesign(folder, [...more, ...lines]), manifest, { linters: ['icarus'] }));
    await run([]);
    const first = readdirSync(join(folder, 'cache'));
    await run([]);
    expect(readdirSync(join(folder, 'cache'))).toEqual(first);
    await run(['another']);
    expect(readdirSync(join(folder, 'cache')).length).toBe(first.length + 1);
    expect(first.filter((name) => name.startsWith('.'))).toEqual([]);
  });
});

describe('the cache', () => {
  test('makes what is not as it was made again: cut short, changed or gone', async () => {
    const folder = temporaryFolder();
    const manifest = await fakeGolden(folder);
    const design = fakeDesign(folder, countLines(fullCounts(manifest, folder), 6));
    const run = () => cosimulate(request(folder, design, manifest));
    expect((await run()).ok).toBe(true);
    const [name] = readdirSync(join(folder, 'cache'));
    const program = join(folder, 'cache', name, 'bench.vvp');
    const whole = readFileSync(program);
    for (const damage of [
      () => truncateSync(program, 1000),
      () => writeFileSync(program, ''),
      () => rmSync(program),
      () => rmSync(join(folder, 'cache', name, 'contents.json')),
    ]) {
      damage();
      expect((await run()).ok).toBe(true);
      expect(readFileSync(program).length).toBe(whole.length);
      expect(readdirSync(join(folder, 'cache'))).toEqual([name]);
    }
  });

  test('two runs at a time build one program', async () => {
    const folder = temporaryFolder();
    const manifest = await fakeGolden(folder);
    const design = fakeDesign(folder, countLines(fullCounts(manifest, folder), 6));
    const runs = await Promise.all([1, 2, 3].map(() => cosimulate(request(folder, design, manifest))));
    expect(runs.map(({ ok }) => ok)).toEqual([true, true, true]);
    expect(readdirSync(join(folder, 'cache'))).toHaveLength(1);
  });
});

describe('a run fails', () => {
  const runWith = async (change: (counts: Record<string, number>) => string[]) => {
    const folder = temporaryFolder();
    const manifest = await fakeGolden(folder);
    const result = await cosimulate(
      request(folder, fakeDesign(folder, change(fullCounts(manifest, folder))), manifest),
    );
    expect(result.ok).toBe(false);
    return result.runs[0];
  };

  test.each([
    'activation',
    'logit',
    'probability',
    'prediction',
    'error',
    'strength',
    'factor',
    'write',
    'digest',
    'weight',
  ])('where the kind %s is missing', async (kind) => {
    const run = await runWith(({ [kind]: _, ...rest }) => countLines(rest, 6));
    expect(run.verdict.problems).toEqual([expect.stringMatching(new RegExp(`^${kind}: 0 values compared, must be`))]);
  });

  test('where a kind is one value short', async () => {
    const run = await runWith((counts) => countLines({ ...counts, error: counts.error - 1 }, 6));
    expect(run.verdict.problems).toEqual([expect.stringMatching(/^error: \d+ values compared, must be \d+$/)]);
  });

  test('where it ran fewer samples', async () => {
    const run = await runWith((counts) => countLines(counts, 5));
    expect(run.verdict.problems).toEqual(['5 samples run, must be 6']);
  });

  test('where the testbench does not reach its end', async () => {
    const run = await runWith((counts) => countLines(counts, 6).slice(0, -1));
    expect(run.verdict.problems).toEqual(['the testbench did not reach its end (no GRAPES DONE line)']);
    expect(run.tail.length).toBeGreaterThan(0);
  });

  test('where the counts say mismatches but no line shows one', async () => {
    const run = await runWith((counts) =>
      countLines(counts, 6).map((line) => line.replace(/(kind=logit .*)mismatches=0/, '$1mismatches=3')),
    );
    expect(run.verdict.problems).toContainEqual(expect.stringMatching(/^logit: 3 of \d+ values differ$/));
  });

  test('where nothing at all is printed', async () => {
    const run = await runWith(() => []);
    expect(run.verdict.ok).toBe(false);
    expect(run.verdict.compared).toBe(0);
  });

  test('at the first difference, which is shown in the units of its layer', async () => {
    const run = await runWith(() => [MISMATCH]);
    expect(run.difference).toMatchObject({
      phase: 'update, weight written',
      sample: 2,
      layer: 1,
      row: 4,
      column: 1,
      expected: { integer: -2, hex: 'fe', real: -2 / 2 ** fracOfLayer1 },
      actual: { integer: 127, hex: '7f', real: 127 / 2 ** fracOfLayer1 },
      cycle: 1234,
    });
    expect(run.difference && explain(run.difference)).toEqual([
      'sample    2',
      'phase     update, weight written',
      'layer     1',
      'row       4',
      'column    1',
      `expected  -2 = 0xfe = ${-2 / 2 ** fracOfLayer1}`,
      `actual    127 = 0x7f = ${127 / 2 ** fracOfLayer1}`,
      'cycle     1234',
    ]);
  });

  test('where a file does not compile, with what the compiler says', async () => {
    const folder = temporaryFolder();
    const manifest = await fakeGolden(folder);
    const design = fakeDesign(folder, ['"']);
    const result = await cosimulate(request(folder, design, manifest, { simulators: ['icarus', 'verilator'] }));
    expect(result.ok).toBe(false);
    for (const run of result.runs) expect(run.verdict.problems[0]).toMatch(/does not compile fake_tb:\n.*fake_tb\.sv/s);
    expect(readdirSync(join(folder, 'cache'))).toEqual([]);
  });

  test('where it takes too long', async () => {
    const folder = temporaryFolder();
    const manifest = await fakeGolden(folder);
    const design = fakeDesign(folder, ['"); while (1) begin end $display("']);
    const result = await cosimulate(request(folder, design, manifest, { timeoutMs: 1500 }));
    expect(result.runs[0].verdict.problems).toContain('stopped: out of time');
  });
});

/** fw_1 of 8-bit weights and three inputs: 8 - 1 - ceil(log2(4 * sqrt(6 / 3))). */
const fracOfLayer1 = 4;

describe('lint', () => {
  const lintOf = async (core: string) => {
    const folder = temporaryFolder();
    const manifest = await fakeGolden(folder);
    const design = fakeDesign(folder, countLines(fullCounts(manifest, folder), 6), core);
    return cosimulate(request(folder, design, manifest, { linters: ['verilator', 'icarus', 'yosys'] }));
  };

  test('finds a latch', async () => {
    const result = await lintOf('latch_core.sv');
    expect(result.ok).toBe(false);
    expect(result.lint.filter(({ ok }) => !ok).map(({ linter }) => linter)).toEqual(['verilator', 'yosys']);
  });

  test('finds an undriven net', async () => {
    const result = await lintOf('undriven_core.sv');
    expect(result.lint.find(({ linter }) => linter === 'yosys')?.complaints.join()).toMatch(/no driver/);
  });
});

test('a missing simulator stops everything before it starts', async () => {
  const folder = temporaryFolder();
  const manifest = await fakeGolden(folder);
  const design = fakeDesign(folder, []);
  vi.stubEnv('PATH', temporaryFolder());
  await expect(cosimulate(request(folder, design, manifest))).rejects.toMatchObject({
    code: 3,
    programs: ['iverilog', 'vvp'],
  });
  vi.unstubAllEnvs();
  expect(existsSync(join(folder, 'cache'))).toBe(false);
});

test('a waveform is written where one is asked for', async () => {
  const folder = temporaryFolder();
  const manifest = await fakeGolden(folder);
  const design = fakeDesign(folder, countLines(fullCounts(manifest, folder), 6));
  const wave = join(folder, 'fake.vcd');
  for (const simulator of ['icarus', 'verilator'] as const) {
    rmSync(wave, { force: true });
    await cosimulate(request(folder, design, manifest, { simulators: [simulator], wave }));
    expect(readFileSync(wave, 'utf8')).toContain('toggle');
  }
});
