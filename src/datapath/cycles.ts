import type { Plan } from './plan.js';

/** How long the lists of one sample are. */
export interface ListLengths {
  /** non-zero features in each beat of the sample */
  readonly beats: readonly number[];
  /** non-zero activations in each group of each hidden layer, layer 1 first */
  readonly groups: readonly (readonly number[])[];
}

/** What the sequencer does: goes forward through a layer, waits for the softmax, goes back through a layer, or nothing. */
export type Phase = 'idle' | 'forward' | 'softmax' | 'back';

/** One cycle of the sequencer. */
export interface Cycle {
  readonly phase: Phase;
  /** the layer `l` it works on, as l-1 */
  readonly layer: number;
  /** it issues a column's operation, which is a cycle of the bound; else it waits */
  readonly issues: boolean;
  /** the step it belongs to */
  readonly step: number;
}

interface Position {
  readonly state: Phase;
  readonly layer: number;
  readonly group: number;
  readonly half: number;
  readonly entry: number;
}

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

/** The sample lists that load into the two halves of the input memory. */
const loader = (samples: readonly ListLengths[]) => {
  const present = [false, false];
  const complete = [false, false];
  const count = [0, 0];
  let load = 0;
  let work = 0;
  let sample = 0;
  let beat = 0;
  let hand = { pending: 0, last: false, side: 0, full: false };
  return {
    present: () => present[work],
    nextPresent: () => present[1 - work],
    count: () => count[work],
    complete: () => complete[work],
    clock: (release: boolean): void => {
      const over = hand.pending <= 1;
      const accept = over && sample < samples.length && !(beat === 0 && present[load]);
      if (hand.pending > 0) count[hand.side]++;
      if (hand.full && hand.last && over) complete[hand.side] = true;
      if (release) {
        present[work] = false;
        work = 1 - work;
      }
      if (!accept) {
        hand = { ...hand, pending: Math.max(0, hand.pending - 1), full: hand.full && !over };
        return;
      }
      const { beats } = samples[sample];
      if (beat === 0) {
        present[load] = true;
        complete[load] = false;
        count[load] = 0;
      }
      const last = beat === beats.length - 1;
      hand = { pending: beats[beat], last, side: load, full: true };
      beat = last ? 0 : beat + 1;
      if (last) {
        load = 1 - load;
        sample++;
      }
    },
  };
};

/** What the factors' module does in a step, as cycles from its first scan to its last division. */
const factorCycles = (plan: Plan): number => {
  if (plan.config.grapes.mode === 'off') return 0;
  const rounds = plan.factor.frac + 3;
  return sum(
    plan.hidden.map(({ lanes }) => {
      const rows = 2 * lanes.groups - (lanes.spread ? 1 : 0);
      return lanes.groups + 2 + plan.hardware.treeStages + rows * rounds;
    }),
  );
};

/** Cycles from the last logit to the first operation that sees the errors, the dividers being free. */
const softmaxCycles = (plan: Plan): { exponentials: number; divisions: number } => {
  const last = plan.layers[plan.layers.length - 1];
  const rounds = 2 * last.lanes.groups - (last.lanes.spread ? 1 : 0);
  return { exponentials: plan.classes + 2, divisions: rounds * (last.values.error.frac + 3) };
};

/**
 * The cycles in which training steps end, relative to one another, when `samples` are trained back to back by a host
 * that keeps up: element n is when step n is over. Data matter only through the lengths of the lists. Follows the
 * sequencer, the loader, the drain and the dividers cycle by cycle; equal to simulation.
 * @param observe is shown every cycle
 */
export const stepEnds = (
  plan: Plan,
  samples: readonly ListLengths[],
  observe: (cycle: Cycle) => void = () => {},
): number[] => {
  const { layers, hardware } = plan;
  const top = layers.length - 1;
  const input = loader(samples);
  const factorsTake = factorCycles(plan);
  const softmax = softmaxCycles(plan);
  const ends: number[] = [];

  let state: Phase = 'idle';
  let layer = 0;
  let group = 0;
  let half = 0;
  let entry = 0;
  /** entries of the hidden lists that may be read, by layer, and whether that is all */
  const count = layers.map(() => 0);
  const complete = layers.map(() => false);
  /** operations on their way: what they block is the sum of all stages */
  const lasts: ({ layer: number; rows: number; final: boolean } | null)[] = [null, null, null, null];
  const writes: (number | null)[] = [null, null, null];
  const updates: boolean[] = [false, false, false, false, false];
  const errors: (number | null)[] = Array.from({ length: 4 + hardware.treeStages }, () => null);
  let drain: { layer: number; pending: number; final: boolean } | null = null;
  let drained: { layer: number; entry: boolean; final: boolean } | null = null;
  let logit: { final: boolean } | null = null;
  let result = 0;
  let factors: 'done' | 'start' | 'wait' | number = 'done';
  /** cycles until the exponentials are made; then divisions */
  let exponentials: number | null = null;
  let divisions: number | null = null;

  for (let cycle = 0; ends.length < samples.length; cycle++) {
    const sample = samples[ends.length];
    const { lanes } = layers[layer];
    const listCount = layer === 0 ? input.count() : count[layer - 1];
    const listComplete = layer === 0 ? input.complete() : complete[layer - 1];
    const slot = lanes.slot + group;
    const groupLast = group === lanes.groups - 1;

    // Combinational: what this cycle issues.
    let start = false;
    let release = false;
    let issuedLast: { layer: number; rows: number; final: boolean } | null = null;
    let issuedWrite: number | null = null;
    let issuedUpdate = false;
    let issuedError: number | null = null;
    let issues = false;
    let next: Position = { state, layer, group, half, entry };
    const softmaxReady = divisions === 1;

    const rewind = { group: 0, half: 0, entry: 0 };
    const finish = (): void => {
      release = true;
      start = input.nextPresent();
      next = { ...rewind, layer: 0, state: start ? 'forward' : 'idle' };
    };
    if (state === 'idle') {
      if (input.present()) {
        start = true;
        next = { ...next, state: 'forward' };
      }
    } else if (state === 'forward') {
      const available = entry < listCount;
      const exhausted = listComplete && entry === listCount;
      const last = available ? listComplete && entry + 1 === listCount : exhausted;
      const sumsBusy = lasts.some((l) => l !== null) || drain !== null;
      const resultBusy = result > 0 || logit !== null || (drained !== null && drained.layer === top);
      const wait = writes.includes(slot) || (last && (sumsBusy || (layer === top && resultBusy)));
      if ((available || exhausted) && !wait) {
        issues = available;
        if (last) {
          const rows = layer === top ? rowsOf(plan, layer, group) : sample.groups[layer][group];
          issuedLast = { layer, rows, final: groupLast };
          if (!groupLast) next = { ...next, entry: 0, group: group + 1 };
          else if (layer !== top) next = { ...next, ...rewind, layer: layer + 1 };
          else next = { ...next, ...rewind, state: 'softmax' };
        } else {
          next = { ...next, entry: entry + 1 };
        }
      }
    } else if (state === 'softmax') {
      if (softmaxReady) next = { ...next, ...rewind, state: 'back' };
    } else if (layer > 0) {
      const first = entry === 0 && group === 0 && half === 0;
      if (listCount === 0) {
        next = { ...next, ...rewind, layer: layer - 1 };
      } else if (!(first && errors.some((e) => e !== null))) {
        issuedWrite = slot;
        issuedUpdate = true;
        const halfLast = half === 1 || (groupLast && lanes.spread);
        if (!halfLast) next = { ...next, half: 1 };
        else if (!groupLast) next = { ...next, half: 0, group: group + 1 };
        else {
          issuedError = layers[layer - 1].lanes.slot + groupOf(sample.groups[layer - 1], entry);
          if (entry + 1 < listCount) next = { ...next, half: 0, group: 0, entry: entry + 1 };
          else next = { ...next, ...rewind, layer: layer - 1 };
        }
      }
    } else if (listCount === 0) {
      finish();
    } else if (!(entry === 0 && errors.includes(slot))) {
      issuedWrite = slot;
      issuedUpdate = true;
      if (entry + 1 < listCount) next = { ...next, entry: entry + 1 };
      else if (!groupLast) next = { ...next, entry: 0, group: group + 1 };
      else finish();
    }

    observe({ phase: state, layer, issues: issues || issuedUpdate, step: ends.length });

    // Clock edge.
    if (result > 0) result--;
    if (logit?.final) {
      exponentials = softmax.exponentials;
      result = plan.classes;
    }
    logit = null;
    if (drained?.layer === top) logit = { final: drained.final };
    else if (drained !== null) {
      if (drained.entry) count[drained.layer]++;
      if (drained.final) complete[drained.layer] = true;
    }
    drained = null;
    const captured = lasts[3];
    if (drain !== null) {
      const over: boolean = drain.pending <= 1;
      drained = { layer: drain.layer, entry: drain.pending > 0, final: over && drain.final };
      drain = over ? null : { layer: drain.layer, pending: drain.pending - 1, final: drain.final };
    }
    if (captured !== null) drain = { layer: captured.layer, pending: captured.rows, final: captured.final };

    if (divisions !== null && factors === 'done') divisions = divisions > 1 ? divisions - 1 : null;
    if (exponentials !== null) {
      if (exponentials > 0) exponentials--;
      else {
        exponentials = null;
        divisions = softmax.divisions;
      }
    }
    if (factors === 'start') factors = 'wait';
    else if (factors === 'wait') {
      if (!updates.includes(true)) factors = factorsTake;
    } else if (factors !== 'done') factors = factors > 1 ? factors - 1 : 'done';

    lasts.pop();
    lasts.unshift(issuedLast);
    writes.pop();
    writes.unshift(issuedWrite);
    updates.pop();
    updates.unshift(issuedUpdate);
    errors.pop();
    errors.unshift(issuedError);
    if (start) {
      count.fill(0);
      complete.fill(false);
      if (factorsTake > 0) factors = 'start';
    }
    input.clock(release);
    if (release) ends.push(cycle);
    ({ state, layer, group, half, entry } = next);
  }
  return ends;
};

const rowsOf = (plan: Plan, layer: number, group: number): number => {
  const { lanes } = plan.layers[layer];
  return group === lanes.groups - 1 ? lanes.lastRows : 2 * plan.hardware.lanes;
};

/** The group that holds entry `entry` of a list. */
const groupOf = (lengths: readonly number[], entry: number): number => {
  let before = 0;
  return lengths.findIndex((length) => {
    before += length;
    return entry < before;
  });
};
