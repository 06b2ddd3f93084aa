import { chooser, lines, type ModuleBench } from './lines.js';

const RAM_VIEW = { depth: 5, bits: 6, addressBits: 3 } as const;
const ACCESSES = 200;

/** Reads and writes; a word read holds until the next read, and is not known where it was being written. */
export const ramBench = (): ModuleBench => {
  const { depth, bits } = RAM_VIEW;
  const choose = chooser(1001);
  const memory: (number | undefined)[] = Array.from({ length: depth });
  let data: number | undefined;
  const vectors = Array.from({ length: ACCESSES }, () => {
    const [from, to] = [choose.integer(0, depth - 1), choose.integer(0, depth - 1)];
    const same = choose.integer(0, 2) === 0;
    const [read, write] = [choose.integer(0, 2) > 0, choose.integer(0, 2) > 0];
    const [readAt, writeAt, value] = [same ? to : from, to, choose.unsigned(bits)];
    if (read) data = write && readAt === writeAt ? undefined : memory[readAt];
    if (write) memory[writeAt] = value;
    return [read, readAt, write, writeAt, value, data !== undefined, data ?? 0];
  });
  return { module: 'grapes_ram', view: RAM_VIEW, vectors: lines(vectors) };
};

const COUNTERS_VIEW = { layers: 3, layerBits: 2, eventBits: 3 } as const;
const CYCLES = 200;

/** Events of all kinds and layers, counted a cycle later, two resets; indices beyond the last counter read 0. */
export const countersBench = (): ModuleBench => {
  const { layers, eventBits } = COUNTERS_VIEW;
  const choose = chooser(1101);
  const none = (): number[] => Array.from({ length: 2 + 2 * layers }, () => 0);
  let counts: number[] | null = null;
  let events = none();
  const vectors = Array.from({ length: CYCLES }, (_, n) => {
    const reset = n === 0 || n === CYCLES / 2;
    const [sample, busy, activation] = [0, 0, 0].map(() => choose.integer(0, 1));
    const [layer, errorLayer] = [0, 0].map(() => choose.integer(0, layers - 1));
    const errors = choose.integer(0, 3) === 0 ? 0 : choose.unsigned(eventBits);
    const index =
      choose.integer(0, 9) === 0 ? choose.integer(2 + 2 * layers, 2 ** 20 - 1) : choose.integer(0, 1 + 2 * layers);
    const before = counts;
    if (reset) counts = none();
    else if (before) counts = before.map((count, c) => count + events[c]);
    events = none();
    if (!reset) {
      events[0] = sample;
      events[1] = busy;
      events[2 + 2 * layer] = activation;
      events[3 + 2 * errorLayer] = errors;
    }
    const known = before !== null;
    return [reset, sample, busy, activation, layer, errors, errorLayer, index, known, before?.[index] ?? 0];
  });
  return { module: 'grapes_counters', view: COUNTERS_VIEW, vectors: lines(vectors) };
};
