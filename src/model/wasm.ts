import { readFileSync } from 'node:fs';
import { getEnvironmentData, isMainThread, setEnvironmentData } from 'node:worker_threads';

/** Addresses of records and arrays in linear memory; see the sources of the kernels. */
type Address = number;

/** The compiled kernels. Those for bytes end with 8, those for 2 bytes a weight with 16. */
export interface Kernels {
  readonly listFeatures: (features: Address, count: number, list: Address) => void;
  readonly listPixels: (pixels: Address, count: number, table: Address, list: Address) => void;
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
  readonly listWhere: (mask: Address, values: Address, rows: number, list: Address) => void;
  readonly overSteps: (values: Address, rows: number, steps: number, mask: Address, sums: Address) => void;
  readonly combine: (
    sums: Address,
    own: Address,
    wide: boolean,
    short: boolean,
    rows: number,
    up: number,
    across: number,
    right: number,
    out: Address,
  ) => void;
  readonly fireRelu: (v: Address, rows: number, high: number, x: Address, open: Address, count: Address) => void;
  readonly fireTanh: (
    v: Address,
    rows: number,
    size: number,
    low: number,
    high: number,
    x: Address,
    open: Address,
    count: Address,
  ) => void;
  readonly fireSnu: (
    v: Address,
    rows: number,
    unit: Address,
    before: Address,
    fired: Address,
    membrane: Address,
    x: Address,
    open: Address,
    count: Address,
  ) => void;
  readonly scatter: (list: Address, sums: Address, out: Address) => void;
  readonly addStrengths: (
    first: Address,
    up: number,
    second: Address,
    across: number,
    rows: number,
    out: Address,
  ) => void;
  readonly errorsAt: (
    open: Address,
    sums: Address,
    all: boolean,
    own: Address,
    back: Address,
    strengths: Address,
    most: number,
    low: number,
    later: Address,
    x: Address,
    errors: Address,
    rows: number,
  ) => number;
  readonly range: (errors: Address, rows: number) => void;
  readonly updateSteps: (
    matrix: Address,
    list: Address,
    errors: Address,
    errorsSize: number,
    steps: number,
    x: Address,
    width: number,
    learning: Address,
    shift: number,
    stochastic: boolean,
    wide: boolean,
    sums: Address,
  ) => void;
}

type Multiply = (matrix: Address, list: Address, sums: Address) => void;
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

/** The kernels on `memory`; null where they are missing. */
export const loadKernels = (memory: WebAssembly.Memory): Kernels | null => {
  const module = kernelModule();
  return module && (new WebAssembly.Instance(module, { env: { memory } }).exports as Kernels);
};
