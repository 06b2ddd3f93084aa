/**
 * `make bitstream`: the preset `up5k` behind byte streams, synthesised, placed and routed for an iCE40 UP5K in its 48-pin
 * package, and packed. What comes out lies in build/bitstream/.
 */
import { mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { parseConfig, presets } from '../src/config/index.js';
import { plan } from '../src/datapath/plan.js';
import { TARGETS } from '../src/report/areaTargets.js';
import { emitBytes } from '../src/rtl/index.js';
import { MissingTool, packBitstream, placeAndRoute, requirePrograms, synthesise } from '../src/tools/index.js';

const FOLDER = resolve('build', 'bitstream');
/** The goal of the clock, MHz. */
const FREQUENCY = 25;

const design = plan(parseConfig(presets.up5k));
const { name } = design.config;
const top = `${name}_bytes`;

const run = async (): Promise<void> => {
  requirePrograms(['yosys', 'nextpnr-ice40', 'icepack']);
  rmSync(FOLDER, { recursive: true, force: true });
  const files = emitBytes(design);
  for (const [path, text] of files) {
    mkdirSync(dirname(join(FOLDER, path)), { recursive: true });
    writeFileSync(join(FOLDER, path), text);
  }
  const sources = (files.get('filelist.f') ?? '').split('\n').filter((path) => path !== '');
  const [netlist, text, packed] = [`${name}.json`, `${name}.asc`, `${name}.bin`];

  console.log(`bitstream: Yosys maps ${top} (a minute)`);
  const commands = `${TARGETS.ice40.commands(top, true)} -json ${netlist}`;
  await synthesise(FOLDER, { sources, commands });

  console.log('bitstream: nextpnr places and routes (a few minutes)');
  const { frequency, utilisation } = await placeAndRoute(FOLDER, {
    ...{ netlist, bitstream: text, device: 'up5k', package: 'sg48', frequency: FREQUENCY },
  });
  await packBitstream(FOLDER, text, packed);

  for (const [cell, { used, available }] of Object.entries(utilisation))
    if (used > 0) console.log(`  ${cell.padEnd(16)} ${String(used).padStart(5)} of ${available}`);
  const goal = frequency < FREQUENCY ? `, below the goal of ${FREQUENCY}` : '';
  console.log(`  clock            ${frequency.toFixed(2)} MHz${goal}`);
  console.log(`bitstream: ${join('build', 'bitstream', packed)}, ${statSync(join(FOLDER, packed)).size} bytes`);
};

try {
  await run();
} catch (error) {
  console.error(`bitstream: ${error instanceof Error ? error.message : error}`);
  process.exitCode = error instanceof MissingTool ? error.code : 1;
}
