import type { Plan } from '../../datapath/plan.js';
import type { Start } from '../engine.js';
import { dense } from '../sparse.js';
import { listView } from '../views.js';
import type { Kernels } from '../wasm.js';
import { encoderOf } from './encode.js';
import type { PlacedTime } from './place.js';
import { sequence } from './sequence.js';

interface Intake {
  readonly takeFeatures: (features: ArrayLike<number>) => void;
  readonly takePixels: (pixels: Uint8Array) => void;
}

/** Samples on their way into linear memory. */
export const placedInput = (buffer: ArrayBuffer, kernels: Kernels, plan: Plan, placed: PlacedTime, start: Start) => {
  const { size, steps } = plan.input;
  const { rows, values: at, total, record } = placed.input;
  const encoding = plan.config.encoding ?? 'direct';
  const constant = encoding === 'direct';
  const bare = plan.hidden.length === 0;
  const encoder = { state: start.encoder };
  const values = new Int16Array(buffer, at, rows * (constant ? 1 : steps));
  const pixels = new Uint8Array(buffer, placed.pixels, size * (constant || encoding === 'rate' ? 1 : steps));
  const list = listView(buffer, total);
  new Int16Array(buffer, placed.table, start.features.length).set(start.features);

  const direct: Intake = {
    takeFeatures: (given) => {
      values.set(given);
      kernels.listFeatures(at, size, total.record);
    },
    takePixels: (given) => {
      pixels.set(given);
      kernels.listPixels(placed.pixels, size, placed.table, total.record);
    },
  };

  const perStep: Intake = {
    takeFeatures: (given) => {
      for (let t = 0; t < steps; t++) for (let j = 0; j < size; j++) values[t * rows + j] = given[t * size + j];
    },
    takePixels: (given) => {
      pixels.set(given);
      kernels.spreadPixels(placed.pixels, size, steps, placed.table, rows, at);
    },
  };

  const encode = encoderOf(plan);
  const taken = sequence(size, steps, constant);
  const drawn = (given: ArrayLike<number>): void => {
    encoder.state = encode(given, encoder.state, taken);
    for (let t = 0; t < steps; t++) values.set(taken.values.subarray(t * size, (t + 1) * size), t * rows);
  };
  const rate: Intake = { takeFeatures: drawn, takePixels: drawn };

  const repeated = {
    indices: new Int32Array(buffer, placed.repeated.indices, size),
    values: new Int16Array(buffer, placed.repeated.values, size + 4),
    count: new Int32Array(buffer, placed.repeated.record, 1),
  };

  /** Sums an input that is the same at every step. */
  const repeat = (): void => {
    repeated.count[0] = list.count;
    repeated.indices.set(list.indices);
    repeated.values.fill(0);
    for (let c = 0; c < list.count; c++) repeated.values[c] = steps * list.values[c];
  };

  return {
    ...{ direct, rate, rows: perStep, events: perStep }[encoding],
    encoder,
    /** columns that are in use, with their sums over the steps where the output layer sees them */
    total: bare && constant ? placed.repeated : total,
    /** Sums the input over the steps, for an output layer that sees it. */
    sum: (): void => {
      if (constant) repeat();
      else kernels.listUsed(record, steps, total.record);
    },
    /** All steps, one after the other; a copy. */
    sequence: (): Int16Array => {
      const one = constant ? dense(list, size) : values;
      const out = new Int16Array(size * steps);
      for (let t = 0; t < steps; t++) {
        const from = constant ? 0 : t * rows;
        out.set(one.subarray(from, from + size), t * size);
      }
      return out;
    },
  };
};

export type PlacedInput = ReturnType<typeof placedInput>;
