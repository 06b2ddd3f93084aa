import { WASM } from './wasm.js';

/** Functions of kernels/float.ts; numbers are addresses, sizes in bytes, counts and floats, as named there. */
export interface Kernels {
  readonly multiply: (
    matrix: number,
    bytes: number,
    indices: number,
    values: number,
    count: number,
    sums: number,
  ) => void;
  readonly rectify: (sums: number, rows: number, indices: number, values: number) => number;
  readonly features: (pixels: number, count: number, indices: number, values: number) => number;
  readonly back: (matrix: number, bytes: number, indices: number, count: number, errors: number, out: number) => void;
  readonly learn: (
    matrix: number,
    bytes: number,
    indices: number,
    values: number,
    count: number,
    errors: number,
    scale: number,
    changes: number,
  ) => void;
  readonly accumulate: (
    matrix: number,
    bytes: number,
    indices: number,
    values: number,
    count: number,
    errors: number,
  ) => void;
  readonly descend: (
    weights: number,
    gradient: number,
    velocity: number,
    size: number,
    rate: number,
    momentum: number,
  ) => void;
  readonly descendPlain: (weights: number, gradient: number, size: number, rate: number) => void;
  readonly strengths: (matrix: number, bytes: number, columns: number, sums: number) => void;
}

const module = new WebAssembly.Module(Buffer.from(WASM, 'base64'));

/** The kernels on a memory of their own. */
export const kernelsOn = (memory: WebAssembly.Memory): Kernels =>
  new WebAssembly.Instance(module, { env: { memory } }).exports as unknown as Kernels;
