import { minOf } from '../fx/format.js';
import { xorshift } from '../fx/random.js';
import { chooser, corners, field, lines, type ModuleBench, range } from './lines.js';

const XORSHIFT_VECTORS = 100;

/** One advance of a generator: single bits, all bits, and a stretch of a stream. */
export const xorshiftBench = (): ModuleBench => {
  const choose = chooser(601);
  const states = [...range(32).map((k) => 2 ** k), 2 ** 32 - 1, ...range(XORSHIFT_VECTORS).map(choose.word)];
  return {
    module: 'grapes_xorshift',
    view: { outputs: 1 },
    vectors: lines(states.map((y) => [y, xorshift(y)])),
  };
};

const TREE_BITS = 10;
const SUM_BITS = 15;
const TREE_LANES = [1, 2, 3, 4, 5, 16, 17] as const;
const TREE_VECTORS = 80;

const treeCases = () => TREE_LANES.map((lanes) => ({ lanes, latency: Math.ceil(Math.log2(lanes) / 2) }));

const treeView = () => {
  const cases = treeCases();
  const last = cases[cases.length - 1];
  return { cases, most: last.lanes, bits: TREE_BITS, outBits: SUM_BITS, latency: last.latency };
};

/** Sums over the first 1, 2, 3, .. lanes. */
export const adderTreeBench = (): ModuleBench => {
  const choose = chooser(701);
  const most = TREE_LANES[TREE_LANES.length - 1];
  const rows = [
    ...corners(TREE_BITS).map((v) => range(most).map(() => v)),
    ...range(most).map((p) => range(most).map((q) => (p === q ? -1 : 0))),
    ...range(TREE_VECTORS).map(() => range(most).map(() => choose.signed(TREE_BITS))),
  ];
  return {
    module: 'grapes_adder_tree',
    view: treeView(),
    vectors: lines(
      rows.map((row) => [
        ...row,
        ...TREE_LANES.map((n) =>
          field(
            row.slice(0, n).reduce((sum, v) => sum + v, 0),
            SUM_BITS,
          ),
        ),
      ]),
    ),
  };
};

/** Maxima over the first 1, 2, 3, .. lanes. */
export const maxTreeBench = (): ModuleBench => {
  const choose = chooser(801);
  const most = TREE_LANES[TREE_LANES.length - 1];
  const top = 2 ** TREE_BITS - 1;
  const rows = [
    ...[0, top].map((v) => range(most).map(() => v)),
    ...range(most).map((p) => range(most).map((q) => (p === q ? top : top - 1))),
    ...range(TREE_VECTORS).map(() => range(most).map(() => choose.unsigned(TREE_BITS))),
  ];
  return {
    module: 'grapes_max_tree',
    view: treeView(),
    vectors: lines(rows.map((row) => [...row, ...TREE_LANES.map((n) => Math.max(...row.slice(0, n)))])),
  };
};

const STRENGTH_VIEW = { weight: 8, strength: 12, slots: 3, slotBits: 2 } as const;
const MOVES = 200;

/** Sums of magnitudes that follow moves: every slot begins anew, then weights come and go, -128 among them. */
export const strengthBench = (): ModuleBench => {
  const { weight, strength, slots } = STRENGTH_VIEW;
  const choose = chooser(901);
  const held: number[][] = range(slots).map(() => []);
  const total = (slot: number): number => held[slot].reduce((sum, w) => sum + Math.abs(w), 0);
  const vectors = range(MOVES).map((n) => {
    const slot = n < slots ? n : choose.integer(0, slots - 1);
    const restart = n < slots || n % 40 === 39;
    const move = restart || n % 5 !== 4;
    const grow = held[slot].length < 2 ** (strength - weight) - 1 && n % 2 === 0;
    const old = grow || restart ? 0 : held[slot][0];
    const fresh = n % 7 === 0 ? minOf(weight) : choose.signed(weight);
    if (move) held[slot] = restart ? [fresh] : [...(grow ? held[slot] : held[slot].slice(1)), fresh];
    return [slot, move, restart, slot, fresh, old, total(slot)];
  });
  return { module: 'grapes_strength', view: STRENGTH_VIEW, vectors: lines(vectors) };
};
