import { maxOf, minOf, rn, sat } from '../fx/format.js';
import { chooser, field, lines, type ModuleBench, range } from './lines.js';

/** The lane under test: lane 2 of 4, with two hidden slots of eight columns and an output slot, spread. */
const SIZES = {
  lane: 2,
  laneBits: 2,
  weight: 8,
  activation: 7,
  error: 9,
  sum: 20,
  strength: 11,
  forwardShiftMin: 5,
  forwardShiftBits: 1,
  updateShiftMin: 9,
  updateShiftBits: 2,
  random: 12,
  depth: 24,
  addressBits: 5,
  slots: 3,
  slotBits: 2,
  hiddenSlots: 2,
  hiddenSlotBits: 1,
} as const;

const COLUMNS = 8;
const OUTPUT = 2;
const OTHER_LANE = 1;

const FLAGS = [
  ...[
    'read_s1',
    'forward_s2',
    'update_s2',
    'half_s2',
    'sweep_s2',
    'forward_s3',
    'first_s3',
    'last_s3',
    'update_s3',
    'half_s3',
  ],
  ...['open_s3', 'sweep_s3', 'write_s4', 'clear_s4', 'update_s4', 'half_s4', 'strength_s4', 'restart_s4', 'load_s4'],
  ...['error_write', 'error_half'],
] as const;

const BUSES = {
  address_s1: SIZES.addressBits,
  slot_s1: SIZES.slotBits,
  exists_s2: 2,
  x_s2: SIZES.activation,
  random_s3: SIZES.random,
  update_shift_s3: SIZES.updateShiftBits,
  address_s4: SIZES.addressBits,
  slot_s4: SIZES.slotBits,
  forward_shift_s4: SIZES.forwardShiftBits,
  load_data_s4: 2 * SIZES.weight,
  error_lane: SIZES.laneBits,
  error_slot: SIZES.slotBits,
  error_value: SIZES.error,
  error_plain: SIZES.error,
  strength_slot: SIZES.hiddenSlotBits,
} as const;

const OUTPUTS = {
  word_s2: 2 * SIZES.weight,
  new_word_s4: 2 * SIZES.weight,
  sum0: SIZES.sum,
  sum1: SIZES.sum,
  positive: 2,
  back_s3: SIZES.weight + SIZES.error,
  strength0: SIZES.strength,
  strength1: SIZES.strength,
} as const;

type Flag = (typeof FLAGS)[number];
type Bus = keyof typeof BUSES;
type Output = keyof typeof OUTPUTS;

const table = (widths: Readonly<Record<string, number>>) =>
  Object.entries(widths).map(([name, bits]) => ({ name, bits }));

/** What drives the lane, cycle by cycle, and what must come out of it. */
const timetable = () => {
  const inputs: Partial<Record<Flag | Bus, number>>[] = [];
  const expected: Partial<Record<Output, number>>[] = [];
  const at = <T>(list: Partial<Record<string, T>>[], cycle: number) => {
    while (list.length <= cycle) list.push({});
    return list[cycle];
  };
  return {
    drive: (cycle: number, signals: Partial<Record<Flag | Bus, number>>): void => {
      Object.assign(at(inputs, cycle), signals);
    },
    expect: (cycle: number, outputs: Partial<Record<Output, number>>): void => {
      Object.assign(at(expected, cycle), outputs);
    },
    /** a cycle after which nothing is on its way */
    end: (): number => Math.max(inputs.length, expected.length) + 1,
    vectors: (): number[][] =>
      range(Math.max(inputs.length, expected.length)).map((cycle) => {
        const signals = inputs[cycle] ?? {};
        const outputs = expected[cycle] ?? {};
        const names = Object.keys(OUTPUTS) as Output[];
        return [
          FLAGS.reduce((sum, flag, i) => sum + (signals[flag] ? 2 ** i : 0), 0),
          names.reduce((sum, name, i) => sum + (outputs[name] === undefined ? 0 : 2 ** i), 0),
          ...(Object.keys(BUSES) as Bus[]).map((bus) => field(signals[bus] ?? 0, BUSES[bus])),
          ...names.map((name) => (outputs[name] === undefined ? 0 : field(outputs[name], OUTPUTS[name]))),
        ];
      }),
  };
};

type Pair = [number, number];
const HALVES = [0, 1] as const;

/** A training step of one lane in mode `local`, operation after operation, against `src/fx`. */
export const laneBench = (): ModuleBench => {
  const choose = chooser(1001);
  const time = timetable();
  const address = (slot: number, column: number): number => slot * COLUMNS + column;
  const words: Pair[] = range(SIZES.depth).map(
    (a): Pair => [
      a % 5 === 0 ? minOf(SIZES.weight) : choose.signed(SIZES.weight),
      a % 7 === 0 ? maxOf(SIZES.weight) : choose.signed(SIZES.weight),
    ],
  );
  const word = ([w0, w1]: Pair): number => field(w1, SIZES.weight) * 2 ** SIZES.weight + field(w0, SIZES.weight);
  const strengths = [0, 1].map((): Pair => [0, 0]);
  const errors = range(SIZES.slots).map((): Pair => [0, 0]);
  const plain = range(SIZES.slots).map((): Pair => [0, 0]);
  const existing = (slot: number): Pair => (slot === OUTPUT ? [1, 0] : [1, 1]);
  const mask = (slot: number): number => existing(slot)[0] + 2 * existing(slot)[1];
  const hidden = (slot: number): boolean => slot < SIZES.hiddenSlots;

  const load = (): void => {
    words.forEach((pair, a) => {
      time.drive(a, { load_s4: 1, address_s4: a, load_data_s4: word(pair) });
    });
  };

  const sweep = (slot: number): void => {
    const start = time.end();
    range(COLUMNS).forEach((j) => {
      const t = start + j;
      time.drive(t, { read_s1: 1, address_s1: address(slot, j), slot_s1: slot });
      time.expect(t + 1, { word_s2: word(words[address(slot, j)]) });
      time.drive(t + 1, { exists_s2: mask(slot), sweep_s2: 1 });
      time.drive(t + 2, { open_s3: 1, sweep_s3: 1, update_s3: 1 });
      time.drive(t + 3, {
        update_s4: 1,
        strength_s4: 1,
        restart_s4: j === 0 ? 1 : 0,
        slot_s4: slot,
      });
      time.drive(t + 4, { strength_slot: slot });
    });
    for (const h of HALVES)
      strengths[slot][h] = range(COLUMNS).reduce((sum, j) => sum + Math.abs(words[address(slot, j)][h]), 0);
  };

  const showStrengths = (): void => {
    const start = time.end();
    strengths.forEach(([strength0, strength1], slot) => {
      time.drive(start + slot, { strength_slot: slot });
      time.expect(start + slot, { strength0, strength1 });
    });
  };

  const forward = (slot: number, columns: readonly number[], shift: number): void => {
    const start = time.end();
    const sums: Pair = [0, 0];
    columns.forEach((j, n) => {
      const t = start + n;
      const x = n === 0 ? maxOf(SIZES.activation) : choose.integer(0, maxOf(SIZES.activation));
      for (const h of HALVES) if (existing(slot)[h]) sums[h] += words[address(slot, j)][h] * x;
      time.drive(t, { read_s1: 1, address_s1: address(slot, j), slot_s1: slot });
      time.drive(t + 1, { exists_s2: mask(slot), forward_s2: 1, x_s2: x });
      time.drive(t + 2, { forward_s3: 1, first_s3: n === 0 ? 1 : 0, last_s3: n === columns.length - 1 ? 1 : 0 });
    });
    const done = start + columns.length + 2;
    // The group's errors are cleared with its sums.
    time.drive(done, { clear_s4: 1, slot_s4: slot, forward_shift_s4: shift });
    const rounds = HALVES.map((h) => (rn(sums[h], SIZES.forwardShiftMin + shift) > 0 ? 2 ** h : 0));
    time.expect(done, { sum0: sums[0], sum1: sums[1], positive: rounds[0] + rounds[1] });
    time.expect(done + 2, { sum0: sums[0], sum1: sums[1] });
    errors[slot] = [0, 0];
    plain[slot] = [0, 0];
  };

  const setError = (slot: number, half: 0 | 1, value: number, unmodulated: number, lane: number): void => {
    time.drive(time.end(), {
      ...{ error_write: 1, error_lane: lane, error_half: half, error_slot: slot },
      ...{ error_value: value, error_plain: unmodulated },
    });
    if (lane !== SIZES.lane) return;
    errors[slot][half] = value;
    plain[slot][half] = unmodulated;
  };

  const updated = (slot: number, j: number, half: 0 | 1, x: number, random: number, shift: number): void => {
    const pair = words[address(slot, j)];
    const before = existing(slot)[half] ? pair[half] : 0;
    const step = Math.floor((random - errors[slot][half] * x) / 2 ** (SIZES.updateShiftMin + shift));
    pair[half] = sat(before + step, SIZES.weight);
    if (hidden(slot)) strengths[slot][half] += Math.abs(pair[half]) - Math.abs(before);
  };

  const operand = (shift: number) => ({
    x: choose.integer(1, maxOf(SIZES.activation)),
    random: choose.unsigned(SIZES.updateShiftMin + shift),
  });

  // One row a cycle, those that have an error: the backward product and the update.
  const back = (
    slot: number,
    columns: readonly number[],
    shift: number,
    visited: readonly (0 | 1)[] = HALVES,
  ): void => {
    let t = time.end();
    for (const j of columns) {
      const { x, random } = operand(shift);
      const halves = visited.filter((h) => existing(slot)[h]);
      for (const half of halves) {
        const open = half === halves[0];
        const last = half === halves.at(-1);
        const product = words[address(slot, j)][half] * plain[slot][half];
        time.drive(t, { read_s1: open ? 1 : 0, address_s1: address(slot, j), slot_s1: slot });
        time.drive(t + 1, { exists_s2: mask(slot), half_s2: half, x_s2: x });
        time.drive(t + 2, { open_s3: open ? 1 : 0, half_s3: half, random_s3: random, update_shift_s3: shift });
        time.expect(t + 2, { back_s3: product });
        updated(slot, j, half, x, random, shift);
        time.drive(t + 3, {
          ...{ write_s4: last ? 1 : 0, half_s4: half, strength_s4: hidden(slot) ? 1 : 0 },
          ...{ address_s4: address(slot, j), slot_s4: slot },
        });
        time.drive(t + 4, { strength_slot: hidden(slot) ? slot : 0 });
        t++;
      }
      if (slot !== OUTPUT) time.expect(t + 2, { new_word_s4: word(words[address(slot, j)]) });
    }
  };

  // Two rows a cycle: the first layer's update.
  const update = (slot: number, columns: readonly number[], shift: number): void => {
    const start = time.end();
    columns.forEach((j, n) => {
      const t = start + n;
      const { x, random } = operand(shift);
      time.drive(t, { read_s1: 1, address_s1: address(slot, j), slot_s1: slot });
      time.drive(t + 1, { exists_s2: mask(slot), update_s2: 1, x_s2: x });
      time.drive(t + 2, { open_s3: 1, update_s3: 1, random_s3: random, update_shift_s3: shift });
      for (const half of HALVES) updated(slot, j, half, x, random, shift);
      time.expect(t + 3, { new_word_s4: word(words[address(slot, j)]) });
      time.drive(t + 3, {
        ...{ write_s4: 1, update_s4: 1, strength_s4: hidden(slot) ? 1 : 0 },
        ...{ address_s4: address(slot, j), slot_s4: slot },
      });
      time.drive(t + 4, { strength_slot: slot });
    });
  };

  const showWords = (slots: readonly number[]): void => {
    const start = time.end();
    slots
      .flatMap((slot) => range(COLUMNS).map((j) => address(slot, j)))
      .forEach((a, n) => {
        time.drive(start + n, { read_s1: 1, address_s1: a });
        time.expect(start + n + 1, { word_s2: word(words[a]) });
      });
  };

  const setErrors = (slot: number): void => {
    for (const half of HALVES) setError(slot, half, choose.signed(SIZES.error), choose.signed(SIZES.error), SIZES.lane);
    setError(slot, 0, maxOf(SIZES.error), minOf(SIZES.error), OTHER_LANE);
  };

  const all = range(COLUMNS);
  load();
  sweep(0);
  sweep(1);
  showStrengths();
  forward(0, all, 0);
  forward(1, [1, 4, 5], 1);
  forward(OUTPUT, [0, 7], 0);
  // Errors were cleared: the update moves nothing but the rounding.
  update(0, [2], 0);
  setError(OUTPUT, 0, minOf(SIZES.error), minOf(SIZES.error), SIZES.lane);
  back(OUTPUT, [0, 7], 1);
  setError(OUTPUT, 0, maxOf(SIZES.error), maxOf(SIZES.error), SIZES.lane);
  back(OUTPUT, [3], 0);
  setErrors(1);
  back(1, [0, 1, 4, 6], 2);
  setError(1, 0, minOf(SIZES.error), maxOf(SIZES.error), SIZES.lane);
  setError(1, 1, maxOf(SIZES.error), minOf(SIZES.error), SIZES.lane);
  back(1, all, 0);
  setErrors(1);
  back(1, [5, 2], 1, [1]);
  back(1, [1, 7], 2, [0]);
  setErrors(0);
  update(0, [0, 3, 5, 6], 1);
  setError(0, 0, minOf(SIZES.error), 0, SIZES.lane);
  update(0, all, 0);
  showStrengths();
  showWords([0, 1]);

  return {
    module: 'grapes_lane',
    view: {
      ...SIZES,
      flags: FLAGS,
      buses: table(BUSES),
      outputs: table(OUTPUTS),
      inputFields: 2 + Object.keys(BUSES).length,
    },
    vectors: lines(time.vectors()),
  };
};
