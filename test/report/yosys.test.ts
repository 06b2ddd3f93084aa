import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../src/config/index.js';
import { memories } from '../../src/datapath/memories.js';
import { plan } from '../../src/datapath/plan.js';
import { emit } from '../../src/rtl/index.js';
import { findProgram, installCommand, runYosys } from '../../src/tools/index.js';
import { temporaryFolder } from '../helpers/folder.js';

interface Netlist {
  readonly modules: Readonly<
    Record<
      string,
      {
        readonly cells: Readonly<
          Record<string, { readonly type: string; readonly parameters: Record<string, string> }>
        >;
      }
    >
  >;
}

/** Sizes of a core's memories and how many there are of each, as Yosys finds them in the RTL. */
const counted = async (top: string, rtl: ReadonlyMap<string, string>, folder: string): Promise<Map<string, number>> => {
  for (const [path, text] of rtl) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  const sources = readFileSync(join(folder, 'filelist.f'), 'utf8').trim().split('\n');
  const commands = `hierarchy -top ${top}; proc; flatten; opt_expr; opt_clean; memory_collect; write_json netlist.json`;
  await runYosys(folder, sources, commands);
  const netlist = JSON.parse(readFileSync(join(folder, 'netlist.json'), 'utf8')) as Netlist;
  const found = new Map<string, number>();
  for (const { type, parameters } of Object.values(netlist.modules[top].cells)) {
    if (!type.startsWith('$mem')) continue;
    const size = `${Number.parseInt(parameters.SIZE, 2)}x${Number.parseInt(parameters.WIDTH, 2)}`;
    found.set(size, (found.get(size) ?? 0) + 1);
  }
  return found;
};

/** The same from the plan. The random streams are registers, which Yosys does not count as memory. */
const listed = (design: ReturnType<typeof plan>): Map<string, number> => {
  const found = new Map<string, number>();
  for (const { name, depth, width, copies } of memories(design)) {
    if (name === 'stream') continue;
    const size = `${depth}x${width}`;
    found.set(size, (found.get(size) ?? 0) + copies);
  }
  return found;
};

const needs = findProgram('yosys') === null ? ` (skipped: ${installCommand(['yosys'])})` : '';

describe.skipIf(needs !== '')(`the memory inventory against Yosys${needs}`, () => {
  it.each([
    { layers: [12, 18, 9, 4], lanes: 4 },
    { layers: [7, 5, 3], lanes: 2, bits: { weight: 4, activation: 5, error: 6 } },
    { layers: [7, 5, 3], lanes: 1, grapes: { mode: 'local' } },
    { layers: [7, 5, 3], lanes: 3, grapes: { mode: 'off' }, rounding: 'nearest' },
    { layers: [6, 3], lanes: 2 },
  ] as const)('$layers on $lanes lanes', { timeout: 120_000 }, async (fields) => {
    const design = plan(parseConfig({ name: 'counted', ...fields }));
    expect(await counted('counted_core', emit(design), temporaryFolder())).toEqual(listed(design));
  });
});
