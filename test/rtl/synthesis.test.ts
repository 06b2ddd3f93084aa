import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../src/config/index.js';
import { plan } from '../../src/datapath/plan.js';
import { emit } from '../../src/rtl/index.js';
import { findProgram, installCommand, runYosys } from '../../src/tools/index.js';
import { temporaryFolder } from '../helpers/folder.js';

/** Words of an ECP5 block RAM at 16 bits. */
const BLOCK_WORDS = 1024;

const design = plan(parseConfig({ name: 'mapped', layers: [784, 16, 10], bits: 8, lanes: 4 }));

/** Cells of the core by type, after Yosys has mapped its memories and multipliers for ECP5. */
const mappedCells = async (folder: string): Promise<Map<string, number>> => {
  for (const [path, text] of emit(design)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  const sources = readFileSync(join(folder, 'filelist.f'), 'utf8').trim().split('\n');
  const commands = `synth_ecp5 -top mapped_core -run begin:map_ffs; tee -o stat.txt stat`;
  await runYosys(folder, sources, commands);
  const lines = readFileSync(join(folder, 'stat.txt'), 'utf8').matchAll(/^ +(\S+) +(\d+)$/gm);
  return new Map([...lines].map(([, type, count]) => [type, Number(count)]));
};

const needs = findProgram('yosys') === null ? ` (skipped: ${installCommand(['yosys'])})` : '';

describe.skipIf(needs !== '')(`synthesis for ECP5${needs}`, () => {
  it('puts weights in block RAM and products in multipliers', { timeout: 300_000 }, async () => {
    const cells = await mappedCells(temporaryFolder());
    const { lanes, depth } = design.hardware;
    expect(cells.get('DP16KD') ?? 0).toBeGreaterThanOrEqual(lanes * Math.ceil(depth / BLOCK_WORDS));
    expect(cells.get('MULT18X18D') ?? 0).toBeGreaterThanOrEqual(2 * lanes);
    const flops = [...cells].filter(([type]) => /^\$_S?DFF/.test(type)).reduce((sum, [, count]) => sum + count, 0);
    // one lane's weights alone would need more
    expect(flops).toBeLessThan(depth * 2 * design.config.bits.weight);
  });
});
