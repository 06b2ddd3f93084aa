import type { GrapesMode } from '../config/index.js';
import { compare, type Entry, type Measured } from './compare.js';
import type { Lab } from './lab.js';
import { PAPER, type Shape, SMALL, shapeOf } from './shapes.js';
import type { RunSpec } from './spec.js';

/** Every way that factors act. */
export const MODES: readonly GrapesMode[] = ['off', 'uniform', 'local', 'propagating'];

/** How often an epoch of a final run is judged. */
export const JUDGEMENTS = 2;

interface Learner {
  readonly spec: Pick<RunSpec, 'engine' | 'bits' | 'frac' | 'batch'>;
  /** the same grid for every mode */
  readonly rates: readonly number[];
}

/** What learns, by the name it has in tables and files. */
export const LEARNERS: Readonly<Record<string, Learner>> = {
  '8-bit, online': { spec: { engine: 'integer', bits: 8, frac: 'calibrated' }, rates: [5, 6, 7, 8, 9, 10] },
  'float32, online': { spec: { engine: 'float' }, rates: [5, 6, 7, 8, 9, 10] },
  'float32, batch 64': { spec: { engine: 'float', batch: 64 }, rates: [0, 1, 2, 3, 4, 5] },
};

export type ModeLabels = { readonly learner: string; readonly mode: GrapesMode };

export interface ModeRuns {
  readonly layers: readonly number[];
  readonly shape: Shape;
  /** all modes of a learner one after the other */
  readonly measured: readonly Measured<ModeLabels>[];
}

/** Every mode of every learner at its best rate on the paper's network: the runs that several experiments look at. */
export const measureModes = async (lab: Lab): Promise<ModeRuns> => {
  const shape = shapeOf(lab, { tune: 50_000, tuneEpochs: 5, train: 60_000, epochs: 5, seeds: 5 });
  const layers = lab.quick ? SMALL : PAPER;
  const entries = Object.entries(LEARNERS).flatMap(([learner, { spec, rates }]) =>
    MODES.map(
      (mode): Entry<ModeLabels> => ({
        labels: { learner, mode },
        arm: {
          name: `${learner} ${mode}`,
          spec: { ...spec, layers, mode },
          rates: lab.quick ? rates.filter((_, i) => i % 3 === 1) : rates,
        },
      }),
    ),
  );
  return { layers, shape, measured: await compare(lab, entries, shape, { judgements: JUDGEMENTS }) };
};
