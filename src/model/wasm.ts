import { readFileSync } from 'node:fs';
import { getEnvironmentData, isMainThread, setEnvironmentData } from 'node:worker_threads';
import { UserError } from '../fx/error.js';

/** Addresses of records and arrays in linear memory; see the sources of the kernels. */
type Address = number;

/** The compiled kernels. Those for bytes end with 8, those for 2 bytes a weight with 16. */
export interface Kernels {
  readonly listFeatures: (features: Address, count: number, list: Address) => void;
  readonly listPixels: (pixels: Address, count: number, table: Address, list: Address) => void;
  readonly spreadPixels: (
    pixels: Address,
    size: number,
    steps: number,
    table: Address,
    rows: number,
    out: Address,
  ) => void;
  readonly multiply8: Multiply;
  readonly multiply16: Multiply;
  readonly activate8: Activate;
  readonly activate16: Activate;
  readonly logits: (sums: Address, wide: boolean, rows: number, requantise: Address, logit: Address) => number;
  readonly back8: Back;
  readonly back16: Back;
  readonly strongest: (strengths: Address, rows: number) => number;
  readonly modulate: (
    list: Address,
    sums: Address,
    wide: boolean,
    strengths: Address,
    strongest: number,
    low: number,
    requantise: Address,
    errors: Address,
    rows: number,
  ) => number;
  readonly digest: (
    matrix: Address,
    list: Address,
    errors: Address,
    rows: number,
    columns: number,
    offset: number,
    bits: number,
    wide: boolean,
  ) => number;
  readonly update8: Update;
  readonly update16: Update;
  readonly overSteps: (values: Address, rows: number, steps: number, any: Address, sums: Address) => void;
  readonly listUsed: (sequence: Address, steps: number, list: Address) => void;
  /** @param width 0: bytes, 1: 2 bytes with sums of 4, 2: 2 bytes with sums of 8 */
  readonly multiply: (width: number, matrix: Address, list: Address, sums: Address, keep: boolean) => void;
  readonly addStrengths: (
    first: Address,
    up: number,
    second: Address,
    across: number,
    rows: number,
    out: Address,
  ) => void;
  readonly forwardHidden: (layer: Address) => void;
  readonly backwardHidden: (
    layer: Address,
    top: Address,
    seen: Address,
    strengths: Address,
    most: number,
    low: number,
    split: boolean,
  ) => void;
  /** Returns 0 where there was no error. */
  readonly updateHidden: (layer: Address, shift: number, recurrentShift: number, stochastic: boolean) => number;
}

interface Exports extends Kernels {
  readonly LAYOUT?: { readonly value: number };
}

type Multiply = (matrix: Address, list: Address, sums: Address, keep: boolean) => void;
type Activate = (sums: Address, rows: number, requantise: Address, list: Address) => number;
type Back = (matrix: Address, list: Address, errors: Address, sums: Address) => void;
type Update = (
  matrix: Address,
  list: Address,
  errors: Address,
  learning: Address,
  shift: number,
  stochastic: boolean,
) => void;

const FILE = new URL('../../kernels/integer.wasm', import.meta.url);
const KEY = 'grapes-hw kernels';

const compile = (): WebAssembly.Module | null => {
  try {
    return new WebAssembly.Module(readFileSync(FILE));
  } catch {
    return null;
  }
};

let compiled: WebAssembly.Module | null | undefined;

/** The module, compiled once for all threads; null where its file or the processor's vector instructions are missing. */
const kernelModule = (): WebAssembly.Module | null => {
  if (compiled !== undefined) return compiled;
  const shared = getEnvironmentData(KEY);
  compiled = shared instanceof WebAssembly.Module ? shared : compile();
  if (isMainThread && compiled !== null) setEnvironmentData(KEY, compiled);
  return compiled;
};

/** Of the records that the kernels expect in memory. */
const LAYOUT = 2;

/**
 * The kernels on `memory`; null where they are missing.
 * @throws UserError for kernels that were compiled from other sources
 */
export const loadKernels = (memory: WebAssembly.Memory): Kernels | null => {
  const module = kernelModule();
  if (module === null) return null;
  const exported = new WebAssembly.Instance(module, { env: { memory } }).exports as Exports;
  if (exported.LAYOUT?.value !== LAYOUT) {
    throw new UserError('kernels/integer.wasm: is older or newer than this version; run "npm run kernels"', {
      field: 'engine',
    });
  }
  return exported;
};
