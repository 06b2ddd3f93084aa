import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseConfig, type RawConfig } from '../../src/config/index.js';
import { synthetic } from '../../src/data/index.js';
import { plan } from '../../src/datapath/plan.js';
import { type GoldenOptions, readManifest, writeGolden } from '../../src/golden/index.js';
import { epochOrder, Network, sampleFeatures } from '../../src/model/index.js';

const base: RawConfig = { name: 'net', layers: [9, 7, 6, 3], seed: 5, lanes: 2, bits: { error: 6 } };

const setup = (change: Partial<RawConfig> = {}) => {
  const p = plan(parseConfig({ ...base, ...change }));
  const data = synthetic('train', { inputs: p.layers[0].inputs, classes: p.classes, seed: 5, count: 40 });
  const folder = join(mkdtempSync(join(tmpdir(), 'grapes-golden-')), 'net');
  const write = (options: Partial<GoldenOptions> = {}) =>
    writeGolden(p, data, { samples: 8, trace: 3, ...options }, folder);
  const lines = (name: string): string[] =>
    readFileSync(join(folder, `${name}.mem`), 'utf8')
      .split('\n')
      .slice(0, -1);
  return { p, data, folder, write, lines };
};

/** Signed value of a line. */
const signed = (line: string, bits: number): number => {
  const v = Number.parseInt(line, 16);
  return v >= 2 ** (bits - 1) ? v - 2 ** bits : v;
};

describe('a golden directory', () => {
  it('has the files, shapes and widths of the format, and a manifest that says so', async () => {
    const { p, folder, write } = setup();
    const manifest = await write();
    expect(JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8'))).toEqual(manifest);
    expect(Object.keys(manifest)).toEqual([
      'format',
      'config',
      'factorFrac',
      'rngState',
      'samples',
      'trace',
      'writes',
      'dataset',
      'files',
    ]);
    expect(manifest).toMatchObject({
      format: 'grapes-golden/2',
      config: p.config,
      factorFrac: 7,
      rngState: new Network(p).rngState(),
      samples: 8,
      trace: 3,
      writes: 3,
      dataset: { name: 'synthetic', split: 'train', first: 0 },
    });
    const shapes = Object.entries(manifest.files).map(
      ([name, { bits, shape }]) => `${name} ${bits} ${shape.join('x')}`,
    );
    expect(shapes.filter((line) => !line.startsWith('write'))).toEqual([
      'input.mem 8 8x9',
      'label.mem 2 8',
      'prediction.mem 2 8',
      'weight1_init.mem 8 7x9',
      'weight2_init.mem 8 6x7',
      'weight3_init.mem 8 3x6',
      'weight1_final.mem 8 7x9',
      'weight2_final.mem 8 6x7',
      'weight3_final.mem 8 3x6',
      'activation1.mem 8 3x7',
      'activation2.mem 8 3x6',
      'logit.mem 16 3x3',
      'probability.mem 7 3x3',
      'error1.mem 6 3x7',
      'error2.mem 6 3x6',
      'error3.mem 6 3x3',
      'strength1.mem 11 3x7',
      'strength2.mem 10 3x6',
      'factor1.mem 9 3x7',
      'factor2.mem 9 3x6',
      'digest.mem 32 8',
    ]);
    expect(readdirSync(folder).sort()).toEqual(['manifest.json', ...Object.keys(manifest.files)].sort());
  });

  it('holds every value of the run, one a line, modulo 2^bits in lower-case hex', async () => {
    const { p, data, write, lines } = setup();
    await write();
    const network = new Network(p);
    const rows = (name: string, n: number, size: number) => lines(name).slice(n * size, (n + 1) * size);
    let written = 0;
    for (let n = 0; n < 8; n++) {
      const input = network.quantise(sampleFeatures(data, n));
      const { prediction, trace } = network.step(input, data.labels[n], { trace: 'writes' });
      expect(rows('input', n, 9).map((line) => signed(line, 8))).toEqual([...input]);
      expect(lines('label')[n]).toBe(data.labels[n].toString(16));
      expect(lines('prediction')[n]).toBe(prediction.toString(16));
      expect(lines('digest')[n]).toBe(trace?.digest.toString(16).padStart(8, '0'));
      if (n >= 3) continue;
      const values = trace?.values;
      expect(rows('activation1', n, 7).map((line) => signed(line, 8))).toEqual([...(values?.activation[0] ?? [])]);
      expect(rows('logit', n, 3).map((line) => signed(line, 16))).toEqual([...(values?.logit ?? [])]);
      expect(rows('probability', n, 3).map((line) => Number.parseInt(line, 16))).toEqual([
        ...(values?.probability ?? []),
      ]);
      expect(rows('error2', n, 6).map((line) => signed(line, 6))).toEqual([...(values?.error[1] ?? [])]);
      expect(rows('strength2', n, 6).map((line) => Number.parseInt(line, 16))).toEqual([
        ...(values?.strength[1] ?? []),
      ]);
      expect(rows('factor1', n, 7).map((line) => Number.parseInt(line, 16))).toEqual([...(values?.factor[0] ?? [])]);
      const writes = [...(trace?.writes?.[0] ?? [])];
      const used = input.filter((x) => x !== 0).length;
      const erring = (values?.error[0] ?? []).filter((error) => error !== 0).length;
      expect(writes).toHaveLength(erring * used);
      expect(
        lines('write1')
          .slice(written, written + writes.length)
          .map((line) => signed(line, 8)),
      ).toEqual(writes);
      written += writes.length;
    }
    expect(lines('write1')).toHaveLength(written);
    expect(lines('weight1_final').map((line) => signed(line, 8))).toEqual([...network.weights(1)]);
    expect(lines('weight1_init').map((line) => signed(line, 8))).toEqual([...new Network(p).weights(1)]);
    expect(lines('error1').every((line) => /^[0-3][0-9a-f]$/.test(line))).toBe(true);
  });

  it('hashes each file', async () => {
    const { folder, write } = setup();
    const { files } = await write();
    for (const [name, { sha256 }] of Object.entries(files)) {
      expect(
        createHash('sha256')
          .update(readFileSync(join(folder, name)))
          .digest('hex'),
      ).toBe(sha256);
    }
  });

  it('has the same bytes every time', async () => {
    const first = await setup().write();
    expect(await setup().write()).toEqual(first);
    const otherLanes = await setup({ lanes: 9 }).write();
    expect(otherLanes.files).toEqual(first.files);
  });

  it('visits a shuffled epoch on request', async () => {
    const { data, write, lines } = setup();
    await write({ shuffle: true });
    const order = epochOrder(8, 5)();
    expect(lines('label').map((line) => Number.parseInt(line, 16))).toEqual([...order].map((n) => data.labels[n]));
  });

  it.each([
    { feedback: 'fa' as const, expected: { 'feedback2.mem': [6, 7], 'feedback3.mem': [3, 6] } },
    { feedback: 'dfa' as const, expected: { 'feedback1.mem': [3, 7], 'feedback2.mem': [3, 6] } },
  ])('holds the feedback matrices of $feedback', async ({ feedback, expected }) => {
    const { p, write, lines } = setup({ feedback });
    const { files } = await write();
    const shapes = Object.fromEntries(
      Object.entries(files)
        .filter(([name]) => name.startsWith('feedback'))
        .map(([name, { shape }]) => [name, shape]),
    );
    expect(shapes).toEqual(expected);
    expect(lines('feedback2').map((line) => signed(line, 8))).toEqual([
      ...(new Network(p).feedback(feedback === 'fa' ? 1 : 2) ?? []),
    ]);
  });

  it('stops recording writes before 2^20 values, after one sample at least', async () => {
    const wide = setup({ layers: [900, 600, 9] });
    const { writes, trace, files } = await wide.write({ samples: 12, trace: 12 });
    const counts = Object.entries(files).flatMap(([name, { shape }]) => (name.startsWith('write') ? shape : []));
    const total = counts.reduce((sum, n) => sum + n, 0);
    expect(trace).toBe(12);
    expect(writes).toBeGreaterThan(1);
    expect(writes).toBeLessThan(12);
    expect(total).toBeLessThan(2 ** 20);
    expect(total * (writes + 1)).toBeGreaterThan(2 ** 20 * writes * 0.8);
    const huge = await setup({ layers: [3000, 1800, 9] }).write({ samples: 2, trace: 2 });
    expect(huge.writes).toBe(1);
  }, 60_000);

  it('needs no trace', async () => {
    const { trace, writes, files } = await setup().write({ trace: 0 });
    expect({ trace, writes, shape: files['logit.mem'].shape }).toEqual({ trace: 0, writes: 0, shape: [0, 3] });
  });
});

describe('the target folder', () => {
  const neighbours = (folder: string): string[] => readdirSync(join(folder, '..'));

  it('is replaced where it holds golden vectors, and only then', async () => {
    const { folder, write } = setup();
    await write();
    await write({ samples: 4 });
    expect(readManifest(folder).samples).toBe(4);
    writeFileSync(join(folder, 'notes.txt'), 'mine');
    await expect(write()).rejects.toThrow(`${folder}: holds notes.txt, which is no golden vector`);
    expect(readManifest(folder).samples).toBe(4);
    expect(neighbours(folder)).toEqual(['net']);
  });

  it('may be empty', async () => {
    const { folder, write } = setup();
    mkdirSync(folder);
    await write();
    expect(readManifest(folder).samples).toBe(8);
  });

  it('must not be a file', async () => {
    const { folder, write } = setup();
    writeFileSync(folder, '');
    await expect(write()).rejects.toThrow('is a file, must be a folder; choose another path');
  });

  it('does not appear when the run is interrupted', async () => {
    const { folder, write } = setup();
    const abort = new AbortController();
    const onProgress = () => abort.abort();
    await expect(write({ signal: abort.signal, onProgress })).rejects.toThrow('interrupted, nothing was written');
    expect(existsSync(folder)).toBe(false);
    expect(neighbours(folder)).toEqual([]);
  });
});

describe('a refusal', () => {
  it.each([
    { options: { samples: 41 }, text: 'samples: is 41, must be an integer 1..40 (synthetic, train); ask for fewer' },
    { options: { samples: 0 }, text: 'samples: is 0, must be an integer 1..40' },
    { options: { trace: 9 }, text: 'trace: is 9, must be an integer 0..8 (samples); lower trace or raise samples' },
  ])('$text', async ({ options, text }) => {
    const { folder, write } = setup();
    await expect(write(options)).rejects.toThrow(text);
    expect(existsSync(folder)).toBe(false);
  });
});
