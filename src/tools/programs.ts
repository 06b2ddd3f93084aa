/** An external program that grapes-hw can call, and where it comes from on Debian. */
export interface Program {
  readonly name: string;
  /** Debian package that holds it */
  readonly package: string;
  readonly purpose: string;
  readonly versionArguments: readonly string[];
  /** first group: the version */
  readonly versionPattern: RegExp;
  /** without it something that grapes-hw offers does not work; the others only make things quicker or nicer */
  readonly needed: boolean;
}

const program = (
  name: string,
  debian: string,
  purpose: string,
  versionPattern: RegExp,
  { versionArguments = ['--version'], needed = true }: { versionArguments?: readonly string[]; needed?: boolean } = {},
): Program => ({ name, package: debian, purpose, versionArguments, versionPattern, needed });

export const PROGRAMS = {
  verilator: program('verilator', 'verilator', 'simulates the core fast; lint', /Verilator (\S+)/),
  'g++': program('g++', 'g++', 'compiles what Verilator writes', /\) (\S+)/),
  make: program('make', 'make', "runs Verilator's build", /GNU Make (\S+)/),
  iverilog: program('iverilog', 'iverilog', 'compiles for the second simulator; lint', /version (\S+)/, {
    versionArguments: ['-V'],
  }),
  vvp: program('vvp', 'iverilog', 'runs the second simulator', /version (\S+)/, { versionArguments: ['-V'] }),
  yosys: program('yosys', 'yosys', 'lint: latches, undriven nets; synthesis', /Yosys (\S+)/, {
    versionArguments: ['-V'],
  }),
  'nextpnr-ice40': program(
    'nextpnr-ice40',
    'nextpnr-ice40',
    'places and routes for iCE40; the clock',
    /Version (\S+)\)/,
    {
      needed: false,
    },
  ),
  icepack: program('icepack', 'fpga-icestorm', 'packs bitstreams for iCE40', /version (\S+)/, {
    versionArguments: ['-h'],
    needed: false,
  }),
  z3: program('z3', 'z3', 'solves the formal proofs of make formal', /Z3 version (\S+)/, { needed: false }),
  ccache: program('ccache', 'ccache', 'makes repeated Verilator builds quick', /version (\S+)/, { needed: false }),
  gtkwave: program('gtkwave', 'gtkwave', 'shows waveforms', /v(\d\S+)/, { needed: false }),
} as const satisfies Record<string, Program>;

export type ProgramName = keyof typeof PROGRAMS;

/** The command that installs the packages of these programs. */
export const installCommand = (names: readonly ProgramName[]): string =>
  `apt-get install --no-install-recommends ${[...new Set(names.map((name) => PROGRAMS[name].package))].join(' ')}`;
