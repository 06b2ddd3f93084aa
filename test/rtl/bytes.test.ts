import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../src/config/index.js';
import { loadDataset } from '../../src/data/index.js';
import { plan } from '../../src/datapath/plan.js';
import { emitBytes } from '../../src/rtl/index.js';
import { compileIcarus, runIcarus } from '../../src/tools/index.js';
import { temporaryFolder } from '../helpers/folder.js';
import { missingIcarus, writeDesign } from '../rtl-tb/icarus.js';
import { memOf, session } from './bytes.js';

const BENCH = resolve('test/rtl/fixtures/bytes_tb.sv');

describe.skipIf(missingIcarus)(`the core behind byte streams ${missingIcarus ?? ''}`, () => {
  const play = async (fields: object, seed: number, edit: (files: Map<string, string>) => void = () => {}) => {
    const design = plan(parseConfig({ name: 'stream', data: 'synthetic', learningRateShift: 6, ...fields }));
    const { layers, seed: runSeed } = design.config;
    const data = loadDataset('synthetic', 'train', {
      inputs: layers[0],
      classes: design.classes,
      seed: runSeed,
      count: 12,
    });
    const { send, expected } = session(design, data, data.count, seed);
    const dir = temporaryFolder();
    const files = new Map(emitBytes(design));
    edit(files);
    writeDesign(files, dir);
    writeFileSync(join(dir, 'send.mem'), memOf(send));
    writeFileSync(join(dir, 'expected.mem'), memOf(expected));
    const rtl = (files.get('filelist.f') ?? '').split('\n').filter((path) => path !== '');
    const build = { top: 'bytes_tb', files: [...rtl, BENCH], defines: ['TOP=stream_bytes'] };
    expect(await compileIcarus(dir, build, 'bytes.vvp')).toBe('');
    const sizes = [`+send=${send.length}`, `+expect=${expected.length}`];
    return (await runIcarus(dir, 'bytes.vvp', sizes, { timeoutMs: 50_000 })).output.trim();
  };

  const RATES = [
    { epoch: 0, shift: 5 },
    { epoch: 1, shift: 9 },
  ];

  it.each([
    { layers: [9, 7, 3], lanes: 2, bits: { weight: 8, activation: 6, error: 8 } },
    { layers: [13, 5, 6, 4], lanes: 1 },
    { layers: [6, 3], lanes: 2 },
    { layers: [4, 8, 3], lanes: 2, learningRateShift: RATES },
    { layers: [9, 12, 7, 3], lanes: 3, learningRateShift: RATES, grapes: { mode: 'local' } },
  ])('loads, learns and is read back: %j', async (fields) => {
    for (const seed of [1, 2]) expect(await play(fields, seed)).toMatch(/^PASS/);
  });

  it('notices an update at the rate of another sample', async () => {
    const output = await play({ layers: [4, 8, 3], lanes: 2, learningRateShift: RATES }, 1, (files) => {
      const issue = files.get('grapes_issue.sv') ?? '';
      expect(issue.split('rate_s1 <= rate_i').length).toBe(2);
      files.set('grapes_issue.sv', issue.replaceAll("6'(rate_s1)", "6'(rate_i)"));
    });
    expect(output).toMatch(/FAIL/);
  });
});
