import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { parseConfig } from '../../src/config/index.js';
import { plan } from '../../src/datapath/plan.js';
import { areaReport, areaText, moduleRows, packedResources, resourcesOf, totalOf } from '../../src/report/area.js';
import { measureArea } from '../../src/report/areaRun.js';
import { emit, emitBytes } from '../../src/rtl/index.js';
import { findProgram, installCommand, MissingTool, type ModuleCells } from '../../src/tools/index.js';
import { temporaryFolder } from '../helpers/folder.js';

const cells = (module: string, found: Record<string, number>): ModuleCells => ({ module, cells: found, memoryBits: 0 });

const none = { luts: 0, flipFlops: 0, lutRams: 0, blockRams: 0, multipliers: 0 };

describe('cells as resources', () => {
  it.each([
    ['ice40', { SB_LUT4: 5, SB_DFFESR: 2, SB_DFF: 1, SB_RAM40_4K: 3, SB_MAC16: 1, SB_CARRY: 9 }, [5, 3, 0, 3, 1]],
    ['ecp5', { LUT4: 5, CCU2C: 2, TRELLIS_FF: 4, TRELLIS_DPR16X4: 3, DP16KD: 2, MULT18X18D: 1 }, [9, 4, 3, 2, 1]],
    ['xilinx', { LUT2: 1, LUT6: 2, FDRE: 4, RAM32M: 1, RAMB18E1: 1, RAMB36E1: 2, DSP48E1: 6 }, [3, 4, 4, 2.5, 6]],
    ['generic', { $lut: 7, $_DFF_P_: 1, $_SDFFE_PP0P_: 2, $mem_v2: 3, $mul: 2 }, [7, 3, 0, 3, 2]],
  ] as const)('of %s', (target, found, [luts, flipFlops, lutRams, blockRams, multipliers]) => {
    expect(resourcesOf(target, found)).toEqual({ luts, flipFlops, lutRams, blockRams, multipliers });
  });
});

describe('cells that nextpnr packs', () => {
  it('count without the registers at the ports', () => {
    const used = (n: number) => ({ used: n, available: 100 });
    const utilisation = { TRELLIS_COMB: used(50), TRELLIS_FF: used(40), DP16KD: used(3), MULT18X18D: used(2) };
    expect(packedResources('ecp5', utilisation, 7)).toEqual({
      ...{ luts: 50, flipFlops: 33, lutRams: 0, blockRams: 3, multipliers: 2 },
    });
  });
});

describe('modules', () => {
  const modules = new Map([
    ['x_core', cells('x_core', { $lut: 1, $paramod$1: 2, leaf: 1 })],
    ['$paramod$1', cells('lane', { $lut: 10, leaf: 3 })],
    ['leaf', cells('leaf', { $lut: 2, $_DFF_P_: 1 })],
  ]);

  it('count all their instances, and nothing of the modules within', () => {
    expect(moduleRows('generic', modules, 'x_core')).toEqual([
      { module: 'lane', instances: 2, ...none, luts: 20 },
      { module: 'leaf', instances: 7, ...none, luts: 14, flipFlops: 7 },
      { module: 'x_core', instances: 1, ...none, luts: 1 },
    ]);
  });

  it('are a report with what GRAPES adds', () => {
    const report = areaReport(plan(parseConfig({ name: 'x', layers: [4, 3, 2], lanes: 1 })), 'generic', {
      total: totalOf('generic', new Map([['x_core', cells('x_core', { $lut: 33 })]])),
      memoryBits: 7,
      without: totalOf('generic', new Map([['x_core', cells('x_core', { $lut: 22 })]])),
      hierarchy: modules,
      tools: { yosys: '0' },
      clock: { reason: 'no tool' },
      placement: null,
    });
    expect(report.grapes?.added.luts).toBe(11);
    expect(report.grapes?.percent.luts).toBe(50);
    expect(areaText(report)).toContain('No clock: no tool.');
  });
});

const needs = findProgram('yosys') === null ? ` (skipped: ${installCommand(['yosys'])})` : '';
const design = plan(parseConfig({ name: 'small', layers: [5, 3, 2], bits: 4, lanes: 1, rounding: 'nearest' }));
const off = plan(
  parseConfig({ name: 'small', layers: [5, 3, 2], bits: 4, lanes: 1, rounding: 'nearest', grapes: { mode: 'off' } }),
);

describe('measureArea', () => {
  afterEach(() => vi.unstubAllEnvs());

  it('says how to install Yosys where it is missing', async () => {
    vi.stubEnv('PATH', '');
    const options = { design: emitBytes(design), without: null, cache: temporaryFolder() };
    await expect(measureArea(design, 'generic', options)).rejects.toThrow(MissingTool);
  });

  it.skipIf(needs !== '')(`counts a core and keeps what it counted${needs}`, { timeout: 240_000 }, async () => {
    const cache = join(temporaryFolder(), 'area');
    const options = { design: emitBytes(design), without: emit(off), cache };
    const report = await measureArea(design, 'generic', options);
    expect(report.memoryBits.counted).toBe(report.memoryBits.listed);
    expect(report.total.multipliers).toBeGreaterThanOrEqual(2);
    expect(report.grapes?.added.luts).toBeGreaterThan(0);
    expect(report.modules.map(({ module }) => module)).toContain('grapes_weights');
    expect(existsSync(cache) && readdirSync(cache).every((file) => file.endsWith('.json'))).toBe(true);
    const start = performance.now();
    expect(await measureArea(design, 'generic', options)).toEqual(report);
    expect(performance.now() - start).toBeLessThan(5000);
  });
});
