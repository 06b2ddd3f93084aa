/**
 * `make fpga`: clocks, areas, cycles and samples/s of the presets at several numbers of lanes on an ECP5 LFE5U-85F, and
 * what GRAPES adds. Writes results/fpga.json as it goes; what was placed before is not placed again. Hours.
 *
 *   scripts/fpga.ts [--seeds N] [--speed 6|8] [preset:lanes ..]    part of it: what it measures replaces what was there
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { configFields, type PresetName, parseConfig, presets } from '../src/config/index.js';
import { loadDataset } from '../src/data/index.js';
import { plan } from '../src/datapath/plan.js';
import type { AreaReport } from '../src/report/area.js';
import { measureArea } from '../src/report/areaRun.js';
import { cyclesReport } from '../src/report/cycles.js';
import { emitRegistered, portRegisters } from '../src/rtl/index.js';

const RUNS = ['mnist:16', 'mnist:32', 'mnist:64', 'mnist-small:16', 'tiny:4'];
const SPEEDS = [6, 8] as const;
const SAMPLES = 200;
const FILE = join('results', 'fpga.json');

const { values, positionals } = parseArgs({
  options: { seeds: { type: 'string', default: '5' }, speed: { type: 'string' } },
  allowPositionals: true,
});
const seeds = Number(values.seeds);
const speeds = SPEEDS.filter((speed) => values.speed === undefined || Number(values.speed) === speed);

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
    ecp5: { device: '85k', speed, seeds, cyclesPerStep: cycles, portRegisters: portRegisters(design) },
    modules: false,
    cache: resolve('build', 'area'),
    onProgress: (text) => console.log(`fpga: ${preset}, ${lanes} lanes, speed grade ${speed}: ${text}`),
  });
};

const reports: AreaReport[] = existsSync(FILE) ? JSON.parse(readFileSync(FILE, 'utf8')).reports : [];
const keyOf = ({ layers, lanes, placement }: AreaReport): string => `${layers} ${lanes} ${placement?.speed}`;
for (const name of positionals.length > 0 ? positionals : RUNS) {
  const [preset, lanes] = name.split(':');
  if (!(preset in presets) || !(Number(lanes) > 0)) throw new Error(`${name} is not a preset and its lanes: mnist:16`);
  for (const speed of speeds) {
    const report = await measure(preset as PresetName, Number(lanes), speed);
    const at = reports.findIndex((other) => keyOf(other) === keyOf(report));
    if (at < 0) reports.push(report);
    else reports[at] = report;
    writeFileSync(FILE, `${JSON.stringify({ format: 'grapes-fpga/1', reports }, null, 2)}\n`);
    const { placement, grapes, total } = report;
    console.log(
      `fpga: ${name}, speed grade ${speed}: ${placement?.median?.toFixed(1) ?? 'no'} MHz, ${total.luts} TRELLIS_COMB, GRAPES ${grapes?.percent.luts.toFixed(1)} %`,
    );
  }
}
