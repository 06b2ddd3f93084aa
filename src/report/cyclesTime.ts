import { setImmediate as pause } from 'node:timers/promises';
import { errorHalves } from '../datapath/bound.js';
import {
  boundInTime,
  fullCounts,
  type HiddenCounts,
  type PassBound,
  recurrentWaits,
  type SampleCounts,
  type SequenceCounts,
} from '../datapath/boundTime.js';
import type { HiddenLayer, Plan } from '../datapath/plan.js';
import { rateAt, type Timing, timingOf } from '../datapath/rate.js';
import { Network, type StepValues } from '../model/index.js';
import { type Samples, sampleFeatures } from '../model/samples.js';
import { table } from './table.js';
import { timeText } from './timing.js';

/** What a layer's values are like; means over samples. */
export interface ActivityRow {
  /** 0: the input */
  readonly layer: number;
  readonly size: number;
  /** values that are not 0, and derivatives (null: the input has none), of all steps together */
  readonly nonZero: number;
  readonly open: number | null;
  /** part of the samples in which the layer has an error, in per cent; null: the input has none */
  readonly errorPercent: number | null;
}

/** What a pass of a matrix needs; means over samples. */
export interface PassRow {
  readonly operation: PassBound['operation'];
  readonly layer: number;
  readonly kind: 'forward' | 'recurrent';
  /** columns of steps that it visits */
  readonly entries: number;
  readonly cycles: number;
}

/** The least cycles that training samples of a network in time need, counted on data. */
export interface BoundReport {
  readonly format: 'grapes-bound/1';
  readonly name: string;
  readonly layers: readonly number[];
  readonly time: Timing;
  readonly lanes: number;
  readonly mode: string;
  /** samples that the means are over, and samples trained before them */
  readonly samples: number;
  readonly after: number;
  readonly activity: readonly ActivityRow[];
  readonly passes: readonly PassRow[];
  /** least cycles of a sample that two multipliers a lane need: mean, and of samples with an output error and without; null where there is none */
  readonly bound: number;
  readonly boundWithErrors: number | null;
  readonly boundWithout: number | null;
  /** cycles that recurrent layers wait beside it at the depths of today's pipelines */
  readonly recurrentWaits: number;
  /** the bound with nothing passed over */
  readonly denseBound: number;
  readonly samplesPerSecondPerMHz: number;
}

const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;

const meanOrNull = (values: readonly number[]): number | null => (values.length === 0 ? null : mean(values));

/** Values that are not 0 among the first `steps` steps. */
const countIn = (values: ArrayLike<number>, size: number, steps: number): number => {
  let count = 0;
  for (let at = 0; at < size * steps; at++) if (values[at] !== 0) count++;
  return count;
};

/** Which columns are not 0 at some of the first `steps` steps. */
const columnsIn = (values: ArrayLike<number>, size: number, steps: number): boolean[] => {
  const columns: boolean[] = new Array(size).fill(false);
  for (let at = 0; at < size * steps; at++) if (values[at] !== 0) columns[at % size] = true;
  return columns;
};

const trues = (flags: readonly boolean[]): number => flags.filter(Boolean).length;

const sequenceCounts = (values: ArrayLike<number>, size: number, steps: number): SequenceCounts => ({
  nonZero: countIn(values, size, steps),
  earlier: countIn(values, size, steps - 1),
  used: trues(columnsIn(values, size, steps)),
});

const hiddenCounts = (layer: HiddenLayer, lanes: number, mode: string, values: StepValues): HiddenCounts => {
  const { outputs: size, index } = layer;
  const { steps } = layer.values;
  const [x, open, delta, u] = [values.activation, values.open, values.error, values.uerror].map((of) => of[index - 1]);
  const used = columnsIn(x, size, steps);
  const everOpen = columnsIn(open, size, steps);
  const groupsOf = (errors: ArrayLike<number>): number =>
    errorHalves(layer, lanes, columnsIn(errors, size, steps)).filter((halves) => halves !== 0).length;
  return {
    ...sequenceCounts(x, size, steps),
    open: countIn(open, size, steps),
    openEarlier: countIn(open, size, steps - 1),
    usedOrOpen: trues(used.map((is, j) => is || everOpen[j])),
    groups: { update: groupsOf(delta), back: groupsOf(mode === 'local' ? u : delta), own: groupsOf(u) },
  };
};

/** What a sample asks of the multipliers. @param input as the first layer saw it, step after step */
export const countsOf = (plan: Plan, input: ArrayLike<number>, values: StepValues): SampleCounts => {
  const { config, hidden, hardware, input: source } = plan;
  const steps = timingOf(config).encoding === 'direct' ? 1 : source.steps;
  const errors = values.error[hidden.length];
  return {
    input: sequenceCounts(input, source.size, steps),
    hidden: hidden.map((layer) => hiddenCounts(layer, hardware.lanes, config.grapes.mode, values)),
    error: errors.some((e) => e !== 0),
  };
};

/** What no core will do, so that there is no bound: `field: what is wrong and what to do`; null where there is one. */
export const unbounded = ({ config: { feedback, grapes } }: Plan): string | null => {
  const why = 'the bound is that of a core, and the model alone has it';
  if (feedback !== 'bp') return `feedback: is ${feedback}, must be bp: ${why}`;
  if (grapes.mode === 'uniform') return `grapes.mode: is uniform, must be propagating, local or off: ${why}`;
  return null;
};

/** Samples between two looks at the rest of the program. */
const BREATH = 20;

export interface BoundOptions {
  /** samples to train on, at least 1 */
  readonly samples: number;
  /** samples to train on before those (default 0) */
  readonly after?: number;
  /** is told now and then how many samples are done */
  readonly onSample?: (done: number) => void;
}

/**
 * The bound of training samples of a network in time, from what the model counts in them: a core's cycles are at least
 * these. Source: the bound in time of the numeric contract, with a constant input and the output layer applied once.
 * @throws RangeError if `data` holds fewer samples, or there is no bound (see {@link unbounded})
 */
export const boundReport = async (
  plan: Plan,
  data: Samples,
  { samples, after = 0, onSample }: BoundOptions,
): Promise<BoundReport> => {
  if (!Number.isInteger(samples) || samples < 1) throw new RangeError(`samples is ${samples}, must be at least 1`);
  if (samples + after > data.count) throw new RangeError(`${samples + after} samples wanted, there are ${data.count}`);
  const problem = unbounded(plan);
  if (problem !== null) throw new RangeError(problem);
  const { config } = plan;
  const network = new Network(plan);
  const k = rateAt(config, 0);
  const counted: SampleCounts[] = [];
  for (let n = 0; n < after + samples; n++) {
    if (n % BREATH === 0) {
      onSample?.(n);
      await pause();
    }
    const features = sampleFeatures(data, n);
    if (n < after) {
      network.stepSample(features, data.labels[n], { k });
      continue;
    }
    const { trace } = network.stepSample(features, data.labels[n], { k, trace: 'values' });
    if (trace?.values) counted.push(countsOf(plan, network.input(), trace.values));
  }
  return summary(plan, counted, { samples, after });
};

const passKey = ({ operation, matrix }: PassBound): string => `${operation} ${matrix.kind} ${matrix.layer}`;

const cyclesOf = (passes: readonly PassBound[]): number => passes.reduce((sum, { cycles }) => sum + cycles, 0);

const summary = (
  plan: Plan,
  counted: readonly SampleCounts[],
  run: { readonly samples: number; readonly after: number },
): BoundReport => {
  const { config, hardware, hidden, input } = plan;
  const found = counted.map((counts) => ({ error: counts.error, passes: boundInTime(plan, counts) }));
  const bounds = found.map(({ error, passes }) => ({ error, cycles: cyclesOf(passes) }));
  const all = boundInTime(plan, fullCounts(plan));
  const byKey = found.map(({ passes }) => new Map(passes.map((p) => [passKey(p), p])));
  const meanOf = (key: string, of: 'entries' | 'cycles'): number =>
    mean(byKey.map((passes) => passes.get(key)?.[of] ?? 0));
  const part = (has: (counts: SampleCounts) => boolean): number => 100 * mean(counted.map((c) => Number(has(c))));
  const cycles = mean(bounds.map((b) => b.cycles));
  return {
    format: 'grapes-bound/1',
    name: config.name,
    layers: config.layers,
    time: timingOf(config),
    lanes: hardware.lanes,
    mode: config.grapes.mode,
    ...run,
    activity: [
      {
        layer: 0,
        size: input.size,
        nonZero: mean(counted.map((c) => c.input.nonZero)),
        open: null,
        errorPercent: null,
      },
      ...hidden.map(({ index, outputs }) => ({
        layer: index,
        size: outputs,
        nonZero: mean(counted.map((c) => c.hidden[index - 1].nonZero)),
        open: mean(counted.map((c) => c.hidden[index - 1].open)),
        errorPercent: part((c) => c.hidden[index - 1].groups.update > 0),
      })),
    ],
    passes: all.map((p) => ({
      operation: p.operation,
      layer: p.matrix.layer,
      kind: p.matrix.kind,
      entries: meanOf(passKey(p), 'entries'),
      cycles: meanOf(passKey(p), 'cycles'),
    })),
    bound: cycles,
    boundWithErrors: meanOrNull(bounds.filter((b) => b.error).map((b) => b.cycles)),
    boundWithout: meanOrNull(bounds.filter((b) => !b.error).map((b) => b.cycles)),
    recurrentWaits: recurrentWaits(plan),
    denseBound: cyclesOf(all),
    samplesPerSecondPerMHz: 1e6 / cycles,
  };
};

const one = (n: number): string => n.toLocaleString('en-US', { minimumFractionDigits: 1, maximumFractionDigits: 1 });

const percent = (n: number): string => `${one(n)} %`;

const DOES: Readonly<Record<PassBound['operation'], string>> = {
  forward: 'forward',
  back: 'backward',
  update: 'update',
  backUpdate: 'backward and update',
};

/** The report as plain text for a terminal, ending in a newline. */
export const boundText = (report: BoundReport): string => {
  const { time, bound, activity, passes } = report;
  const values = (row: ActivityRow): number =>
    row.size * (row.layer === 0 && time.encoding === 'direct' ? 1 : time.steps);
  const share = (n: number, row: ActivityRow): string => `${one(n)} (${percent((100 * n) / values(row))})`;
  const rows: [string, string, string][] = [['bound B', one(bound), 'the least that two multipliers a lane need']];
  if (report.boundWithErrors !== null)
    rows.push(['with errors', one(report.boundWithErrors), 'samples whose output has an error']);
  if (report.boundWithout !== null)
    rows.push(['without', one(report.boundWithout), 'all others: over after their forward pass']);
  if (report.recurrentWaits > 0)
    rows.push([
      'recurrence',
      `+ ${one(report.recurrentWaits)}`,
      'at most: each step waits for the one before, at the pipelines of today',
    ]);
  rows.push(
    ['dense bound', one(report.denseBound), `nothing passed over: ${(report.denseBound / bound).toFixed(2)} x B`],
    ['speed', one(report.samplesPerSecondPerMHz), 'samples/s per MHz of the clock, at most'],
  );
  return `${[
    `Bound of a training sample of ${report.name}: ${report.layers.join('-')}, ${timeText(time)}, ${report.lanes} ${report.lanes === 1 ? 'lane' : 'lanes'}, GRAPES ${report.mode}; mean of ${report.samples} samples${report.after > 0 ? ` after ${report.after}` : ''}`,
    '',
    table(
      ['right', 'right', 'right', 'right', 'right'],
      [
        ['layer', 'neurons', 'not 0 in all steps', 'open in all steps', 'samples with errors'],
        ...activity.map((row) => [
          row.layer === 0 ? 'input' : String(row.layer),
          String(row.size),
          share(row.nonZero, row),
          row.open === null ? '' : share(row.open, row),
          row.errorPercent === null ? '' : percent(row.errorPercent),
        ]),
      ],
    ),
    '',
    table(
      ['left', 'left', 'right', 'right', 'right'],
      [
        ['weights', 'pass', 'entries', 'cycles', 'share'],
        ...passes.map(({ operation, kind, layer, entries, cycles }) => [
          `${kind === 'forward' ? 'W' : 'H'}${layer}`,
          DOES[operation],
          one(entries),
          one(cycles),
          percent((100 * cycles) / bound),
        ]),
        ['', 'in all', '', one(bound), percent(100)],
      ],
    ),
    '',
    table(['left', 'right', 'left'], rows),
    '',
    'An entry is a column of a step. The output layer, and an input that is the same at every step, are applied once a sample.',
  ].join('\n')}\n`;
};
