import type { ErrorHalves } from './bound.js';
import { type Depths, depthsOf } from './depths.js';
import type { LayerPlan, Plan } from './plan.js';
import { type ForwardPass, type Pass, programOf, type Wait } from './program.js';

/** How long the lists of one sample are. */
export interface ListLengths {
  /** non-zero features in each beat of the sample */
  readonly beats: readonly number[];
  /** non-zero activations in each group of each hidden layer, layer 1 first */
  readonly groups: readonly (readonly number[])[];
  /** of each layer, layer 1 first */
  readonly errors: readonly ErrorHalves[];
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

/** Where the sequencer is: in a pass, or before its first operation while the pass waits for the softmax. */
interface Position {
  readonly pass: Pass | null;
  readonly waiting: boolean;
  readonly group: number;
  readonly half: number;
  readonly entry: number;
}

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

/** Rounds of divisions, each of one row of every lane, in a layer. */
const rounds = ({ lanes }: LayerPlan): number => 2 * lanes.groups - (lanes.spread ? 1 : 0);

/** What is on its way through a number of stages, the newest first. */
const pipeline = <T>(stages: number) => {
  const held: (T | null)[] = Array.from({ length: stages }, () => null);
  return {
    any: (): boolean => held.some((value) => value !== null),
    has: (value: T): boolean => held.includes(value),
    oldest: (): T | null => held[stages - 1],
    clock: (value: T | null): void => {
      held.pop();
      held.unshift(value);
    },
  };
};

/** The scan for the hidden layers' largest strengths, which a layer's drain waits for. */
const scanner = ({ config, hidden }: Plan, depths: Depths) => {
  const rows = config.grapes.mode === 'off' ? [] : hidden.map((layer) => rounds(layer) * depths.scanLanes);
  /** layers whose last row was shown, on the way to their largest strength */
  const found = pipeline<number>(depths.scan);
  const known = new Set<LayerPlan>(hidden);
  let state: 'done' | 'start' | 'wait' | 'scan' = 'done';
  let layer = 0;
  let shown = 0;
  return {
    known: (of: LayerPlan): boolean => known.has(of),
    clock: (start: boolean, updates: boolean, pause: boolean): void => {
      const largest = found.oldest();
      if (largest !== null) known.add(hidden[largest]);
      const scans = state === 'scan' && !pause;
      const last = scans && ++shown === rows[layer];
      found.clock(last ? layer : null);
      if (last) {
        shown = 0;
        layer = layer === hidden.length - 1 ? 0 : layer + 1;
        if (layer === 0) state = 'done';
      } else if (state === 'start') {
        known.clear();
        state = 'wait';
      } else if (state === 'wait' && !updates) state = 'scan';
      if (start && rows.length > 0) state = 'start';
    },
  };
};

/** A group's last forward operation: the rows that the drain gives, and whether the layer is complete with them. */
interface Closed {
  readonly pass: ForwardPass;
  readonly rows: number;
  readonly final: boolean;
}

/**
 * The cycles in which training steps end, relative to one another, when `samples` are trained back to back by a host
 * that keeps up: element n is when step n is over. Data matter only through the lengths of the lists. Follows the
 * sequencer, the loader, the drain, the scan and the divider cycle by cycle; equal to simulation.
 * @param observe is shown every cycle
 */
export const stepEnds = (
  plan: Plan,
  samples: readonly ListLengths[],
  observe: (cycle: Cycle) => void = () => {},
): number[] => {
  const depths = depthsOf(plan);
  const program = programOf(plan);
  const step: readonly Pass[] = [...program.forward, ...program.learn];
  const after = new Map(step.map((pass, at): [Pass, Pass | null] => [pass, step[at + 1] ?? null]));
  const { output, classes } = plan;
  const active = samples.map(({ errors }) => errors.map(activeGroups));
  const input = loader(samples);
  const scan = scanner(plan, depths);
  const ends: number[] = [];

  let at: Position = { pass: null, waiting: false, group: 0, half: 0, entry: 0 };
  /** entries of the hidden lists that may be read, by layer, and whether that is all */
  const count = plan.layers.map(() => 0);
  const complete = plan.layers.map(() => false);
  const sums = pipeline<Closed>(depths.sums);
  const writes = pipeline<number>(depths.write);
  const updates = pipeline<true>(depths.strengths);
  const errors = pipeline<number>(depths.errors);
  let drain: Closed | null = null;
  let drained: { readonly layer: LayerPlan; readonly entry: boolean; readonly final: boolean } | null = null;
  let logit: { readonly final: boolean } | null = null;
  let result = 0;
  /** cycles until the exponentials are made; then divisions */
  let exponentials: number | null = null;
  let divisions: number | null = null;

  for (let cycle = 0; ends.length < samples.length; cycle++) {
    const sample = samples[ends.length];
    const { pass, group, half, entry } = at;

    // Combinational: what this cycle issues.
    let start = false;
    let release = false;
    let closed: Closed | null = null;
    let write: number | null = null;
    let error: number | null = null;
    let issues = false;
    let next = at;

    const begin = (following: Pass | null): void => {
      release = following === null;
      start = release && input.nextPresent();
      const to = start ? step[0] : following;
      next = { pass: to, waiting: to?.waits.includes('softmax') ?? false, group: 0, half: 0, entry: 0 };
    };
    if (pass === null) {
      start = input.present();
      if (start) next = { ...next, pass: step[0] };
    } else if (at.waiting) {
      if (divisions === 1) next = { ...next, waiting: false };
    } else {
      const { lanes, index } = pass.layer;
      const learns = pass.operation !== 'forward';
      const listed = active[ends.length][index - 1];
      const visited = learns ? listed[group] : { group, halves: 3 };
      const length = index === 1 ? input.count() : count[index - 2];
      const whole = index === 1 ? input.complete() : complete[index - 2];
      const available = entry < length;
      const entryLast = whole && entry + (available ? 1 : 0) === length;
      const groupLast = group === (learns ? listed.length : lanes.groups) - 1;
      const second = half === 1 || visited?.halves === 2;
      const halfLast = second || visited?.halves === 1;
      const slot = lanes.slot + (visited?.group ?? 0);
      const closes = pass.operation === 'forward' && entryLast;
      const resultBusy = result > 0 || logit !== null || drained?.layer === output;
      const blocks: Readonly<Record<Wait, () => boolean>> = {
        softmax: () => false,
        errors: () => entry === 0 && group === 0 && half === 0 && errors.any(),
        writes: () => writes.has(slot),
        sums: () => closes && (sums.any() || drain !== null),
        result: () => closes && resultBusy,
      };
      const due = pass.waits.includes('errors') && blocks.errors();
      if (learns && !due && (length === 0 || listed.length === 0)) begin(null);
      else if ((available || entryLast) && !pass.waits.some((wait) => blocks[wait]())) {
        issues = available;
        const columnOver = pass.operation !== 'backUpdate' || (halfLast && groupLast);
        const over = entryLast && columnOver && groupLast;
        if (learns) write = slot;
        if (closes) closed = { pass, rows: rowsOf(plan, pass, group, sample), final: groupLast };
        if (pass.operation === 'backUpdate') {
          const { lanes: below, index: target } = pass.target;
          if (columnOver) error = below.slot + groupOf(sample.groups[target - 1], entry);
          if (!halfLast) next = { ...next, half: 1 };
          else if (!groupLast) next = { ...next, half: 0, group: group + 1 };
          else next = { ...next, half: 0, group: 0, entry: entry + 1 };
        } else if (entryLast) next = { ...next, entry: 0, group: group + 1 };
        else next = { ...next, entry: entry + 1 };
        if (over) begin(after.get(pass) ?? null);
      }
    }

    observe({ phase: phaseOf(at), layer: (pass?.layer.index ?? 1) - 1, issues, step: ends.length });

    // Clock edge.
    const activation = drained?.entry === true && drained.layer !== output;
    if (result > 0) result--;
    if (logit?.final) {
      exponentials = classes + depths.exponential;
      result = classes;
    }
    logit = null;
    if (drained?.layer === output) logit = { final: drained.final };
    else if (drained !== null) {
      if (drained.entry) count[drained.layer.index - 1]++;
      if (drained.final) complete[drained.layer.index - 1] = true;
    }
    drained = null;
    const draining = drain as Closed | null;
    if (draining !== null && (draining.pass.layer === output || scan.known(draining.pass.layer))) {
      const { pass: from, rows, final } = draining;
      drained = { layer: from.layer, entry: rows > 0, final: rows <= 1 && final };
      drain = rows > 1 ? { pass: from, rows: rows - 1, final } : null;
    }
    drain = sums.oldest() ?? drain;

    if (divisions !== null) divisions = divisions > 1 ? divisions - 1 : null;
    if (exponentials !== null) {
      if (exponentials > 0) exponentials--;
      else {
        exponentials = null;
        divisions = depths.divide + 2 + classes;
      }
    }
    scan.clock(start, updates.any(), activation);
    sums.clock(closed);
    writes.clock(write);
    updates.clock(write === null ? null : true);
    errors.clock(error);
    if (start) {
      count.fill(0);
      complete.fill(false);
    }
    input.clock(release);
    if (release) ends.push(cycle);
    at = next;
  }
  return ends;
};

/** The groups that hold an error, from the halves that do. */
const activeGroups = (halves: ErrorHalves): readonly { readonly group: number; readonly halves: number }[] =>
  halves.flatMap((held, group) => (held === 0 ? [] : [{ group, halves: held }]));

const phaseOf = ({ pass, waiting }: Position): Phase =>
  pass === null ? 'idle' : waiting ? 'softmax' : pass.operation === 'forward' ? 'forward' : 'back';

/** Rows that the drain gives of a group: those that are not zero, of logits all. */
const rowsOf = ({ output, hardware }: Plan, { layer }: ForwardPass, group: number, { groups }: ListLengths): number => {
  if (layer !== output) return groups[layer.index - 1][group];
  const { lanes } = layer;
  return group === lanes.groups - 1 ? lanes.lastRows : 2 * hardware.lanes;
};

/** The group that holds entry `entry` of a list. */
const groupOf = (lengths: readonly number[], entry: number): number => {
  let before = 0;
  return lengths.findIndex((length) => {
    before += length;
    return entry < before;
  });
};
