import type { ProgramName } from './programs.js';

/** Versions with which generated cores have been linted and simulated, by program; of the others any will do. */
const TESTED: Partial<Record<ProgramName, readonly string[]>> = {
  verilator: ['5.006', '5.048'],
  iverilog: ['11.0', '13.0', '14.0'],
  vvp: ['11.0', '13.0', '14.0'],
  yosys: ['0.23'],
};

/** A program whose installed version is none of those that it has been tried with. */
export interface Untested {
  readonly name: ProgramName;
  readonly version: string;
  readonly tested: readonly string[];
}

/** Those of these programs that are installed in a version that has not been tried. */
export const untested = (
  tools: readonly { readonly name: ProgramName; readonly version: string | null }[],
): Untested[] =>
  tools.flatMap(({ name, version }) => {
    const tested = TESTED[name];
    return version === null || tested === undefined || tested.includes(version) ? [] : [{ name, version, tested }];
  });
