import { parseConfig, type RawConfig } from '../../src/config/index.js';
import { synthetic } from '../../src/data/index.js';
import { type Plan, plan } from '../../src/datapath/plan.js';
import type { Run, RunEvent, TrainingSamples } from '../../src/training/index.js';

/** A small network that learns the synthetic set. */
export const learner = (fields: Partial<RawConfig> = {}): Plan =>
  plan(parseConfig({ name: 'learner', layers: [30, 16, 4], ...fields }));

const shape = { inputs: 30, classes: 4, seed: 1 };

export const samples: TrainingSamples = {
  train: synthetic('train', { ...shape, count: 1800 }),
  test: synthetic('test', { ...shape, count: 300 }),
};

/** Everything that happens in a run from here on. */
export const finish = (run: Run): RunEvent[] => {
  const events: RunEvent[] = [];
  for (let event = run.next(); event !== undefined; event = run.next()) events.push(event);
  return events;
};
