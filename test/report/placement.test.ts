import { describe, expect, it } from 'vitest';
import { criticalPath, latestArrivals, placementLines, placementReport } from '../../src/report/placement.js';
import { originsIn } from '../../src/report/registers.js';

const cell = (type: string, attributes: Record<string, string> = {}) => ({ type, attributes });

const origin = originsIn(
  {
    modules: {
      top: {
        cells: {
          core: cell('$scopeinfo', { module: 'x_core' }),
          'core.g_lane[1].lane': cell('$scopeinfo', { module: '$paramod$1', module_hdlname: 'grapes_lane' }),
          'core.g_lane[1].lane.weights': cell('$scopeinfo', { module: 'y', module_hdlname: 'grapes_ram' }),
          'core.g_lane[1].lane.product_s3_TRELLIS_FF_Q_4': cell('TRELLIS_FF', { src: 'grapes_lane.sv:3.1-4.2' }),
          'core.state_q_TRELLIS_FF_Q': cell('TRELLIS_FF', { src: '/lib/cells_map.v:1.1' }),
        },
      },
    },
  },
  'top',
);

describe('where a cell comes from', () => {
  it.each([
    ['core.g_lane[1].lane.product_s3_TRELLIS_FF_Q_4', 'grapes_lane', 'product_s3', 's3'],
    ['core.g_lane[1].lane.weights.memory.0.3', 'grapes_ram', 'memory', null],
    ['core.g_lane[1].lane.errors.memory.0.0$DPRAM_COMB2', 'grapes_lane', 'memory', null],
    ['core.state_q_TRELLIS_FF_Q', 'x_core', 'state_q', null],
    ['elsewhere', 'top', 'elsewhere', null],
  ])('%s', (name, module, signal, stage) => {
    expect(origin(name)).toEqual({ module, signal, stage });
  });
});

describe('a placement', () => {
  const path = criticalPath(
    2,
    [
      { type: 'clk-to-q', ns: 0.5, from: 'core.state_q_TRELLIS_FF_Q', to: 'core.state_q_TRELLIS_FF_Q' },
      { type: 'routing', ns: 2, from: 'core.state_q_TRELLIS_FF_Q', to: 'lut' },
      { type: 'logic', ns: 0.25, from: 'lut', to: 'lut' },
      { type: 'routing', ns: 1, from: 'lut', to: 'core.g_lane[1].lane.weights.memory.0.3' },
    ],
    origin,
  );
  const placed = (frequency: number) => ({ frequency, critical: path, arrivals: [] });
  const input = {
    ...({ device: '25k', speed: 6, top: 'x_registered', limit: 30, cyclesPerStep: 200 } as const),
    utilisation: { TRELLIS_FF: { used: 3, available: 10 }, GSR: { used: 0, available: 1 } },
  };

  it('has the longest arrival of each register, all copies and bits together', () => {
    const late = latestArrivals(
      [
        { cell: 'core.g_lane[1].lane.product_s3_TRELLIS_FF_Q_4', ns: 3 },
        { cell: 'core.g_lane[1].lane.product_s3_TRELLIS_FF_Q_5', ns: 4 },
        { cell: 'core.state_q_TRELLIS_FF_Q', ns: 3.5 },
      ],
      origin,
    );
    expect(late.map(({ signal, ns }) => [signal, ns])).toEqual([
      ['product_s3', 4],
      ['state_q', 3.5],
    ]);
  });

  it('has the median of the seeds that routed, and names those that did not', () => {
    const seeds = [
      { seed: 1, placed: placed(40) },
      { seed: 2, placed: null },
      { seed: 3, placed: placed(50) },
    ];
    const report = placementReport({ ...input, seeds });
    expect([report.least, report.median, report.most]).toEqual([40, 45, 50]);
    expect(report.samplesPerSecond).toBeCloseTo(225_000);
    expect(Object.keys(report.utilisation)).toEqual(['TRELLIS_FF']);
    expect(report.critical).toMatchObject({ ns: 3.75, wireNs: 3, levels: 1 });
    const text = placementLines(report).join('\n');
    expect(text).toContain('Not routed in 30 minutes: seed 2.');
    expect(text).toContain('median 45.0 MHz, 40.0 to 50.0 over 2 seeds');
    expect(text).toContain('from x_core state_q to grapes_ram memory');
  });

  it('has no clock where no seed routed', () => {
    const report = placementReport({ ...input, seeds: [{ seed: 1, placed: null }] });
    expect(report).toMatchObject({ median: null, samplesPerSecond: null, critical: null });
    expect(placementLines(report).join('\n')).not.toContain('Clock');
  });
});
