/**
 * Runs the testbench of `tiny` over netlists that Yosys makes of its core: generic gates with memories whole, and iCE40
 * cells with the simulation models that Yosys ships. A netlist has no trace: the testbench looks at the ports only.
 */
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { parseConfig, presets } from '../src/config/index.js';
import { goldenRun, plusArguments, readDesign } from '../src/cosim/index.js';
import { loadDataset } from '../src/data/index.js';
import { plan } from '../src/datapath/plan.js';
import { rateAt } from '../src/datapath/rate.js';
import { hostOf, writeGolden } from '../src/golden/index.js';
import { emit } from '../src/rtl/index.js';
import { compileIcarus, findProgram, runIcarus, runYosys } from '../src/tools/index.js';
import { writeResults } from './results.js';

const SAMPLES = 10;
const HOST_SEED = 1;
const FOLDER = resolve('build', 'netlist');
const NEEDS = ['yosys', 'iverilog', 'vvp'] as const;

const design = plan(parseConfig(presets.tiny));
const { name, layers, data, seed } = design.config;
const top = `${name}_core`;

const NETLISTS = {
  generic: {
    // Verilog can't say a memory of one word that has no address: those become registers.
    commands: `synth -top ${top} -flatten -run begin:fine; memory_map t:$mem_v2 r:SIZE=1 %i; opt -full; techmap; opt; abc -fast; opt_clean`,
    models: '',
    defines: [],
  },
  ice40: {
    commands: `synth_ice40 -device u -dsp -top ${top}`,
    models: 'ice40/cells_sim.v',
    // Icarus has no default values for the ports of the models.
    defines: ['NO_ICE40_DEFAULT_ASSIGNMENTS'],
  },
} as const;

/** Writes the design and golden vectors; gives what the testbench has to be told. */
const prepare = async (): Promise<{ sources: string[]; plusargs: string[] }> => {
  rmSync(FOLDER, { recursive: true, force: true });
  const files = emit(design);
  for (const [path, text] of files) {
    mkdirSync(dirname(join(FOLDER, path)), { recursive: true });
    writeFileSync(join(FOLDER, path), text);
  }
  const shape = { inputs: layers[0], classes: design.classes, seed };
  const dataset = loadDataset(data, 'train', { ...shape, count: SAMPLES });
  const golden = join(FOLDER, 'golden');
  const manifest = await writeGolden(design, dataset, { samples: SAMPLES, trace: SAMPLES, host: HOST_SEED }, golden);
  const host = await hostOf(design, golden, manifest, { samples: SAMPLES, rate: rateAt(design.config, 0) });
  const told = { golden: goldenRun(golden, manifest, host), fastLoad: false, stall: false, stallSeed: 1, wave: null };
  return {
    sources: (files.get('filelist.f') ?? '').split('\n').filter((path) => path !== ''),
    plusargs: plusArguments(design, told, join(FOLDER, 'run'), FOLDER),
  };
};

/** Where Yosys keeps its cells' models. */
const share = (): string => join(dirname(findProgram('yosys') ?? ''), '..', 'share', 'yosys');

const check = async (kind: keyof typeof NETLISTS, sources: string[], plusargs: string[]): Promise<boolean> => {
  const { commands, models, defines } = NETLISTS[kind];
  const netlist = `${kind}.v`;
  console.log(`netlist: ${kind}: Yosys`);
  await runYosys(FOLDER, sources, `${commands}; write_verilog -noattr ${netlist}`);
  const { core } = readDesign(FOLDER, name);
  const bench = [...core.files, core.clock];
  const cells = models === '' ? [] : [join(share(), models)];
  console.log(`netlist: ${kind}: Icarus`);
  await compileIcarus(
    FOLDER,
    {
      top: `${name}_tb_clock`,
      files: [`${name}_pkg.sv`, ...cells, netlist, ...bench],
      defines: ['GATE_LEVEL', ...defines],
      warnings: false,
    },
    `${kind}.vvp`,
  );
  const { output } = await runIcarus(FOLDER, `${kind}.vvp`, plusargs);
  const lines = output.split('\n').filter((line) => line.startsWith('GRAPES ') && !line.startsWith('GRAPES STEP'));
  for (const line of lines) console.log(`  ${line}`);
  return lines.some((line) => line.startsWith('GRAPES DONE ')) && !lines.some((line) => line.includes('MISMATCH'));
};

const missing = NEEDS.filter((program) => findProgram(program) === null);
if (missing.length > 0 || !existsSync(share())) {
  console.error(`netlist: not installed: ${missing.join(', ') || share()}; make setup`);
  process.exit(3);
}
const { sources, plusargs } = await prepare();
let failed = 0;
for (const kind of ['generic', 'ice40'] as const) {
  const passed = await check(kind, sources, plusargs);
  console.log(`netlist: ${kind}: ${passed ? 'ok' : 'not ok'}`);
  if (!passed) failed++;
}
writeResults('netlist', { passed: 2 - failed, failed });
process.exitCode = failed > 0 ? 1 : 0;
