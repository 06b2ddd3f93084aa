/**
 * `make fpga`: clocks, areas, cycles and samples/s of the presets at several numbers of lanes on an ECP5 LFE5U-85F, and
 * what GRAPES adds. Writes results/fpga.json; what was placed before is not placed again. Hours.
 */
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { configFields, type PresetName, parseConfig, presets } from '../src/config/index.js';
import { loadDataset } from '../src/data/index.js';
import { plan } from '../src/datapath/plan.js';
import type { AreaReport } from '../src/report/area.js';
import { measureArea } from '../src/report/areaRun.js';
import { cyclesReport } from '../src/report/cycles.js';
import { emitRegistered, portRegisters } from '../src/rtl/index.js';

const RUNS: readonly (readonly [PresetName, number])[] = [
  ['tiny', 4],
  ['mnist-small', 16],
  ['mnist-small', 32],
  ['mnist', 16],
  ['mnist', 32],
  ['mnist', 64],
];
const SPEEDS = [6, 8] as const;
const SEEDS = 5;
const SAMPLES = 200;
const FILE = join('results', 'fpga.json');

const measure = async (preset: PresetName, lanes: number, speed: 6 | 8): Promise<AreaReport> => {
  const fields = { ...presets[preset], lanes };
  const design = plan(parseConfig(fields));
  const off = plan(
    parseConfig({ ...configFields(design.config), grapes: { mode: 'off', clip: design.config.grapes.clip } }),
  );
  const { layers, seed, data } = design.config;
  const shape = { inputs: layers[0], classes: design.classes, seed, count: SAMPLES };
  const { cycles } = await cyclesReport(design, loadDataset(data, 'train', shape), { samples: SAMPLES });
  return measureArea(design, 'ecp5', {
    design: emitRegistered(design),
    without: emitRegistered(off),
    ecp5: { device: '85k', speed, seeds: SEEDS, cyclesPerStep: cycles, portRegisters: portRegisters(design) },
    cache: resolve('build', 'area'),
    onProgress: (text) => console.log(`fpga: ${preset}, ${lanes} lanes, speed grade ${speed}: ${text}`),
  });
};

const reports: AreaReport[] = [];
for (const [preset, lanes] of RUNS) {
  for (const speed of SPEEDS) {
    const report = await measure(preset, lanes, speed);
    reports.push(report);
    writeFileSync(FILE, `${JSON.stringify({ format: 'grapes-fpga/1', reports }, null, 2)}\n`);
    const { placement, grapes, total } = report;
    console.log(
      `fpga: ${preset}, ${lanes} lanes, speed grade ${speed}: ${placement?.median?.toFixed(1) ?? 'no'} MHz, ${total.luts} TRELLIS_COMB, GRAPES ${grapes?.percent.luts.toFixed(1)} %`,
    );
  }
}
