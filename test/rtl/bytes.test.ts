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
  it.each([
    { layers: [9, 7, 3], lanes: 2, bits: { weight: 8, activation: 6, error: 8 } },
    { layers: [13, 5, 6, 4], lanes: 1 },
    { layers: [6, 3], lanes: 2 },
  ])('loads, learns and is read back: $layers on $lanes lanes', async (fields) => {
    const design = plan(parseConfig({ name: 'stream', data: 'synthetic', learningRateShift: 6, ...fields }));
    const { layers, seed } = design.config;
    const data = loadDataset('synthetic', 'train', { inputs: layers[0], classes: design.classes, seed, count: 6 });
    const { send, expected } = session(design, data, 6);
    const dir = temporaryFolder();
    const files = emitBytes(design);
    writeDesign(files, dir);
    writeFileSync(join(dir, 'send.mem'), memOf(send));
    writeFileSync(join(dir, 'expected.mem'), memOf(expected));
    const rtl = (files.get('filelist.f') ?? '').split('\n').filter((path) => path !== '');
    const build = { top: 'bytes_tb', files: [...rtl, BENCH], defines: ['TOP=stream_bytes'] };
    expect(await compileIcarus(dir, build, 'bytes.vvp')).toBe('');
    const sizes = [`+send=${send.length}`, `+expect=${expected.length}`];
    const { output } = await runIcarus(dir, 'bytes.vvp', sizes, { timeoutMs: 50_000 });
    expect(output.trim()).toMatch(/^PASS/);
  });
});
