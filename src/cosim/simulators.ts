import { copyFileSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import {
  compileIcarus,
  type Executable,
  ICARUS_PROGRAMS,
  icarusFlags,
  icarusProgram,
  type Optimise,
  type ProgramName,
  plainFolder,
  programVersion,
  RANDOM_START,
  ToolFailure,
  VERILATOR_PROGRAMS,
  type Verilation,
  verilate,
  verilatedProgram,
  verilatorFlags,
  workFolder,
} from '../tools/index.js';
import { cached, cacheKey } from './cache.js';
import type { Bench, Design } from './design.js';

export type SimulatorName = 'verilator' | 'icarus';

export interface BuildOptions {
  /** folder that keeps simulator binaries from run to run */
  readonly cache: string;
  /** make a binary that can write waveforms */
  readonly wave: boolean;
  /** start value of the generator behind random initial registers and memories */
  readonly seed: number;
  readonly optimise: Optimise;
  /** Verilator only: count which lines run and which bits toggle; the clock has to write the counts to a file */
  readonly coverage?: boolean;
}

export interface Simulator {
  readonly name: SimulatorName;
  readonly title: string;
  readonly programs: readonly ProgramName[];
  /** @throws BuildError with the tool's own output; EnvironmentFault where the machine is at fault */
  readonly build: (design: Design, bench: Bench, options: BuildOptions) => Promise<Executable>;
}

/** A testbench that a simulator does not compile. */
export class BuildError extends Error {
  readonly code = 2;
  constructor(
    readonly simulator: string,
    readonly top: string,
    readonly output: string,
  ) {
    super(`${simulator} does not compile ${top}:\n${output.trimEnd()}`);
    this.name = 'BuildError';
  }
}

const BUILD_TIMEOUT_MS = 20 * 60_000;

const building = async <T>(simulator: string, top: string, build: () => Promise<T>): Promise<T> => {
  try {
    return await build();
  } catch (error) {
    if (!(error instanceof ToolFailure)) throw error;
    throw new BuildError(simulator, top, error.timedOut ? `${error.output}\nstopped: out of time` : error.output);
  }
};

const versions = async (names: readonly ProgramName[]): Promise<string[]> =>
  Promise.all(names.map(async (name) => `${name} ${await programVersion(name)}`));

/** Compiles a program in a folder of its own whose path make can take, or takes it from the cache. Returns its path. */
const verilated = async (design: Design, verilation: Verilation, cache: string): Promise<string> => {
  const { top, sources, main, prefix } = verilation;
  const files = [...sources, main];
  const parts = [...(await versions(['verilator', 'g++'])), ...verilatorFlags(verilation)];
  const folder = await cached(cache, 'verilator', cacheKey(design.dir, files, parts), async (target) => {
    const work = workFolder(plainFolder(target));
    try {
      for (const file of files) {
        mkdirSync(dirname(join(work.folder, file)), { recursive: true });
        copyFileSync(join(design.dir, file), join(work.folder, file));
      }
      const program = await building('Verilator', top, () =>
        verilate(work.folder, verilation, { timeoutMs: BUILD_TIMEOUT_MS }),
      );
      copyFileSync(join(work.folder, program), join(target, prefix));
    } finally {
      work.discard();
    }
  });
  return join(folder, prefix);
};

const verilator: Simulator = {
  name: 'verilator',
  title: 'Verilator',
  programs: VERILATOR_PROGRAMS,
  build: async (design, bench, { cache, wave, seed, optimise, coverage }) => {
    const program = await verilated(
      design,
      {
        top: bench.top,
        sources: [...design.rtl, ...bench.files],
        main: design.main,
        prefix: 'Vtb',
        flags: [
          ...RANDOM_START,
          ...(wave ? ['--trace'] : []),
          ...(coverage ? ['--coverage-line', '--coverage-toggle'] : []),
        ],
        optimise,
      },
      cache,
    );
    return verilatedProgram(program, seed);
  },
};

/**
 * The program that trains the core on whole epochs: the core alone is verilated, its testbench is C++.
 * @throws BuildError with the tool's own output
 */
export const buildEpochs = async (
  design: Design,
  { cache, seed }: Pick<BuildOptions, 'cache' | 'seed'>,
): Promise<Executable> => {
  const program = await verilated(
    design,
    {
      top: `${design.name}_core`,
      sources: design.rtl,
      main: design.epochs,
      prefix: 'Vcore',
      flags: [...RANDOM_START, '--noassert', '-GTRACE=1'],
      optimise: 'long',
    },
    cache,
  );
  return verilatedProgram(program, seed);
};

const COMPILED = 'bench.vvp';

const icarus: Simulator = {
  name: 'icarus',
  title: 'Icarus Verilog',
  programs: ICARUS_PROGRAMS,
  build: async (design, bench, { cache }) => {
    const build = { top: `${bench.top}_clock`, files: [...design.rtl, ...bench.files, bench.clock] };
    const parts = [...(await versions(['iverilog'])), ...icarusFlags(build)];
    const folder = await cached(cache, 'icarus', cacheKey(design.dir, build.files, parts), async (target) => {
      await building('Icarus', bench.top, () =>
        compileIcarus(design.dir, build, join(target, COMPILED), { timeoutMs: BUILD_TIMEOUT_MS }),
      );
    });
    return icarusProgram(join(folder, COMPILED));
  },
};

export const SIMULATORS: Readonly<Record<SimulatorName, Simulator>> = { verilator, icarus };
