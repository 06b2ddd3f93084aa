import { setImmediate as pause } from 'node:timers/promises';
import { bound, denseBound, errorHalves } from '../datapath/bound.js';
import { type Cycle, type ListLengths, stepEnds } from '../datapath/cycles.js';
import type { LayerPlan, Plan } from '../datapath/plan.js';
import { rateAt } from '../datapath/rate.js';
import { Network } from '../model/network.js';
import { type Samples, sampleFeatures } from '../model/samples.js';
import { table } from './table.js';

/** Cycles of a training step that one phase takes, as a mean over steps. */
export interface PhaseRow {
  readonly phase: Cycle['phase'];
  /** 1..L; null where the phase belongs to no layer */
  readonly layer: number | null;
  readonly does: string;
  /** cycles that issue a column's operation: together the bound */
  readonly issues: number;
  /** cycles that wait: for a list that is still growing, for sums that still drain, for errors or writes on their way */
  readonly waits: number;
}

/** Where the cycles of training steps go, predicted from list lengths. All numbers are means over the steps. */
export interface CyclesReport {
  readonly format: 'grapes-cycles/1';
  readonly name: string;
  readonly layers: readonly number[];
  readonly lanes: number;
  readonly mode: string;
  /** steps that the means are over, and steps trained before them */
  readonly steps: number;
  readonly after: number;
  /** non-zero inputs of each layer, layer 1 first */
  readonly nonZero: readonly number[];
  readonly phases: readonly PhaseRow[];
  /** cycles of a step, all that waits included */
  readonly cycles: number;
  /** least cycles that two multipliers a lane need for the non-zero inputs */
  readonly bound: number;
  readonly ratio: number;
  /** the same with no zero skipped, and how many times that is what a step takes */
  readonly denseBound: number;
  readonly denseRatio: number;
  /** useful products, in per cent of what 2 x lanes multipliers could do in these cycles */
  readonly utilisationPercent: number;
  /** products of a step that skips nothing, in per cent of the same */
  readonly denseEquivalentPercent: number;
  readonly samplesPerSecondPerMHz: number;
}

/** Non-zero values of each run of `size` values. */
const nonZeroRuns = (values: ArrayLike<number>, size: number): number[] => {
  const counts: number[] = new Array(Math.ceil(values.length / size)).fill(0);
  for (let at = 0; at < values.length; at++) if (values[at] !== 0) counts[Math.floor(at / size)]++;
  return counts;
};

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

const mean = (values: readonly number[]): number => sum(values) / values.length;

/** Samples between two looks at the rest of the program. */
const BREATH = 100;

/** What one step's cycles depend on, and its rows of each layer that have an error. */
export interface CountedStep extends ListLengths {
  readonly erringRows: readonly number[];
}

/**
 * Samples `after` .. `after + count - 1`, each counted in the step that trains on it.
 * @param onSample how many are done, those before `after` too
 */
export const listLengthsOf = async (
  plan: Plan,
  data: Samples,
  count: number,
  after = 0,
  onSample: (done: number) => void = () => {},
): Promise<CountedStep[]> => {
  const network = new Network(plan);
  const k = rateAt(plan.config, 0);
  const lengths: CountedStep[] = [];
  for (let n = 0; n < after + count; n++) {
    if (n % BREATH === 0) {
      onSample(n);
      await pause();
    }
    const features = network.quantise(sampleFeatures(data, n));
    const { trace } = network.step(features, data.labels[n], { k, ...(n >= after && { trace: 'values' as const }) });
    if (n < after) continue;
    const { activation = [], carried = [] } = trace?.values ?? {};
    lengths.push({
      beats: nonZeroRuns(features, plan.hardware.featuresPerBeat),
      groups: activation.map((values) => nonZeroRuns(values, 2 * plan.hardware.lanes)),
      errors: carried.map((values, at) => errorHalves(plan.layers[at], plan.hardware.lanes, values)),
      erringRows: carried.map((values) => values.filter((error) => error !== 0).length),
    });
  }
  return lengths;
};

/**
 * Products that one non-zero input of a layer takes part in: forward, and for the `rows` that have an error update and, in
 * all but the first layer, backward.
 */
const products = ({ index, outputs }: LayerPlan, rows = outputs): number => outputs + (index === 1 ? 1 : 2) * rows;

const DOES: Readonly<Record<Cycle['phase'], string>> = {
  idle: 'no sample there yet',
  forward: 'forward',
  softmax: 'softmax, output errors',
  back: 'backward and update',
};

/** Phases in the order in which a step goes through them, empty ones left out. */
const phaseRows = (plan: Plan, cycles: ReadonlyMap<string, { issues: number; waits: number }>, steps: number) => {
  const row = (phase: Cycle['phase'], index: number | null): PhaseRow[] => {
    const found = cycles.get(`${phase} ${index}`);
    if (found === undefined) return [];
    const does = phase === 'back' && index === 1 ? 'update' : DOES[phase];
    return [{ phase, layer: index, does, issues: found.issues / steps, waits: found.waits / steps }];
  };
  const indices = plan.layers.map((layer) => layer.index);
  return [
    ...row('idle', null),
    ...indices.flatMap((index) => row('forward', index)),
    ...row('softmax', null),
    ...indices.toReversed().flatMap((index) => row('back', index)),
  ];
};

export interface CyclesOptions {
  /** how many samples to train on, at least 2 */
  readonly samples: number;
  /** samples to train on before those, default 0 */
  readonly after?: number;
  /** is told how many of them all are done */
  readonly onSample?: (done: number) => void;
}

/**
 * Cycles of training steps on real samples, from the model's non-zero counts: equal to simulation with a host that
 * keeps up. The first step of `samples` fills the pipeline and is not counted.
 * @throws RangeError if `data` holds fewer
 */
export const cyclesReport = async (
  plan: Plan,
  data: Samples,
  { samples, after = 0, onSample }: CyclesOptions,
): Promise<CyclesReport> => {
  if (!Number.isInteger(samples) || samples < 2) throw new RangeError(`samples is ${samples}, must be at least 2`);
  if (samples + after > data.count) throw new RangeError(`${samples + after} samples wanted, there are ${data.count}`);
  const { config, hardware, layers } = plan;
  const lengths = await listLengthsOf(plan, data, samples, after, onSample);
  const found = new Map<string, { issues: number; waits: number }>();
  const ends = stepEnds(plan, lengths, ({ phase, layer, issues, step }) => {
    if (step === 0) return;
    const key = `${phase} ${phase === 'forward' || phase === 'back' ? layer + 1 : null}`;
    const counts = found.get(key) ?? { issues: 0, waits: 0 };
    counts[issues ? 'issues' : 'waits']++;
    found.set(key, counts);
  });
  const steps = samples - 1;
  const cycles = (ends[steps] - ends[0]) / steps;
  const counted = lengths
    .slice(1)
    .map(({ beats, groups, errors, erringRows }) => ({ nnz: [sum(beats), ...groups.map(sum)], errors, erringRows }));
  const nonZero = layers.map((_, at) => mean(counted.map(({ nnz }) => nnz[at])));
  const least = mean(counted.map(({ nnz, errors }) => bound(plan, nnz, errors)));
  const useful = mean(
    counted.map(({ nnz, erringRows }) => sum(layers.map((layer, at) => nnz[at] * products(layer, erringRows[at])))),
  );
  const possible = 2 * hardware.lanes * cycles;
  const dense = denseBound(plan);
  return {
    format: 'grapes-cycles/1',
    name: config.name,
    layers: config.layers,
    lanes: hardware.lanes,
    mode: config.grapes.mode,
    steps,
    after,
    nonZero,
    phases: phaseRows(plan, found, steps),
    cycles,
    bound: least,
    ratio: cycles / least,
    denseBound: dense,
    denseRatio: dense / cycles,
    utilisationPercent: (100 * useful) / possible,
    denseEquivalentPercent: (100 * sum(layers.map((layer) => layer.inputs * products(layer)))) / possible,
    samplesPerSecondPerMHz: 1e6 / cycles,
  };
};

const one = (n: number): string => n.toLocaleString('en-US', { minimumFractionDigits: 1, maximumFractionDigits: 1 });

const percent = (n: number): string => `${one(n)} %`;

/** What others report for training, to set the utilisation beside. */
const ELSEWHERE = [
  'Training elsewhere: over 80 % claimed for an FP8 training chip on large nets (IBM), 81 % on an open sparse trainer',
  'that updates with stale errors, 19 % on tiny-tpu.',
];

/** The report as plain text for a terminal, ending in a newline. */
export const cyclesText = (report: CyclesReport): string => {
  const { cycles, phases } = report;
  const total = { issues: sum(phases.map((p) => p.issues)), waits: sum(phases.map((p) => p.waits)) };
  const row = (layer: string, does: string, inputs: string, { issues, waits }: { issues: number; waits: number }) => [
    layer,
    does,
    inputs,
    one(issues),
    one(waits),
    one(issues + waits),
    percent((100 * (issues + waits)) / cycles),
  ];
  const inputsOf = ({ phase, layer }: PhaseRow): string =>
    phase === 'forward' && layer !== null ? `${one(report.nonZero[layer - 1])} of ${report.layers[layer - 1]}` : '';
  return `${[
    `Cycles of a training step of ${report.name}: ${report.layers.join('-')}, ${report.lanes} ${report.lanes === 1 ? 'lane' : 'lanes'}, GRAPES ${report.mode}; mean of ${report.steps} steps${report.after > 0 ? ` after ${report.after}` : ''}`,
    '',
    table(
      ['left', 'left', 'right', 'right', 'right', 'right', 'right'],
      [
        ['layer', 'phase', 'non-zero inputs', 'issues', 'waits', 'cycles', 'share'],
        ...phases.map((p) => row(p.layer === null ? '' : String(p.layer), p.does, inputsOf(p), p)),
        row('', 'in all', '', total),
      ],
    ),
    '',
    table(
      ['left', 'right', 'left'],
      [
        ['bound B', one(report.bound), `two multipliers a lane; a step takes ${report.ratio.toFixed(3)} x B`],
        ['dense bound', one(report.denseBound), `no zero skipped: ${report.denseRatio.toFixed(2)} x what a step takes`],
        ['utilisation', percent(report.utilisationPercent), `of ${2 * report.lanes} multipliers, useful products only`],
        ['dense equivalent', percent(report.denseEquivalentPercent), 'the products of a step that skips nothing'],
        ['speed', one(report.samplesPerSecondPerMHz), 'samples/s per MHz of the clock'],
      ],
    ),
    '',
    'A cycle that waits has nothing to issue: a list still grows, sums still drain, errors or writes are on their way.',
    ...ELSEWHERE,
  ].join('\n')}\n`;
};
