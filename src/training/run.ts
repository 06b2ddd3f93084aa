import type { Plan } from '../datapath/plan.js';
import { rateAt } from '../datapath/rate.js';
import { UserError } from '../fx/error.js';
import { Network, type Samples, sampleFeatures } from '../model/index.js';
import { crossEntropy, evaluate, probabilityFrac } from './loss.js';
import type { EpochMetrics } from './metrics.js';
import { initialOrder, nextOrder, type Order } from './order.js';
import { isProbed, probedStep } from './probe.js';
import { addCounts, stepCounts } from './steps.js';
import { combine, emptyTally, layerMetrics, type Tally } from './tally.js';

export interface RunOptions {
  /** at least 1 */
  readonly epochs: number;
  /** visit the samples in a new order each epoch; default true */
  readonly shuffle?: boolean;
  /** integers to start from in place of the seed's weights, as the plan lists its matrices */
  readonly weights?: readonly Int16Array[];
}

/** Everything that the rest of a run depends on, between two steps. */
export interface RunState {
  /** epoch under way, from 0; the number of epochs done where `position` is 0 */
  readonly epoch: number;
  /** samples of the epoch that are done */
  readonly position: number;
  /** of W_1, H_1, W_2, .., row by row */
  readonly weights: readonly Int16Array[];
  /** state of each update stream, and of the encoder */
  readonly rngState: readonly number[];
  /** null in file order */
  readonly order: Order | null;
  readonly tally: Tally;
  /** of the epochs done */
  readonly metrics: readonly EpochMetrics[];
}

export type RunEvent =
  | {
      readonly kind: 'progress';
      readonly epoch: number;
      /** samples of the epoch that are done, of `samples` */
      readonly sample: number;
      readonly samples: number;
      /** share predicted rightly this epoch so far */
      readonly accuracy: number;
    }
  | { readonly kind: 'epoch'; readonly metrics: EpochMetrics };

/** A training run that can be left between any two calls of `next` and taken up again from its state. */
export interface Run {
  readonly network: Network;
  /** Trains on some more samples; undefined once all epochs are done. An epoch's last samples come with its test. */
  readonly next: () => RunEvent | undefined;
  /** The state now; a copy. */
  readonly state: () => RunState;
}

/** Samples between two events. */
const CHUNK = 500;

const checkEpochs = (epochs: number): void => {
  if (!Number.isInteger(epochs) || epochs < 1) {
    throw new UserError(`epochs: is ${epochs}, must be a whole number from 1 on; ask for at least one`, {
      field: 'epochs',
    });
  }
};

const copied = (order: Order | null): Order | null =>
  order && { permutation: order.permutation.slice(), random: order.random };

/**
 * Prepares online training of the plan's network on `train`, judged on `test` after every epoch.
 * @param from the state of an interrupted run of the same plan, samples and options to go on from
 * @throws UserError for epochs below 1
 */
export const startRun = (
  plan: Plan,
  train: Samples,
  test: Samples,
  { epochs, shuffle = true, weights }: RunOptions,
  from?: RunState,
): Run => {
  checkEpochs(epochs);
  const { config } = plan;
  const network = new Network(plan, from ?? { ...(weights && { weights }) });
  const frac = probabilityFrac(network);
  const metrics = [...(from?.metrics ?? [])];
  let epoch = from?.epoch ?? 0;
  let position = from?.position ?? 0;
  let order = from ? copied(from.order) : shuffle ? initialOrder(train.count, config.seed) : null;
  let tally: Tally = { ...emptyTally(plan), ...structuredClone(from?.tally) };
  const counters = () => ({ saturations: network.saturations(), steps: stepCounts(network) });
  /** the network's own counters when those of `tally` were last right */
  let counted = counters();

  const count = (): void => {
    const now = counters();
    tally.saturations = combine(tally.saturations, combine(now.saturations, counted.saturations, -1), 1);
    addCounts(tally.steps, now.steps, counted.steps);
    counted = now;
  };

  const step = (k: number): void => {
    const at = order === null ? position : order.permutation[position];
    const label = train.labels[at];
    const features = sampleFeatures(train, at);
    const prediction = isProbed(position, train.count)
      ? probedStep(network, network.quantise(features), label, k, tally)
      : network.stepSample(features, label, { k }).prediction;
    if (prediction === label) tally.right++;
    tally.loss += crossEntropy(network.logits(), label, frac);
    position++;
  };

  const endEpoch = (k: number): RunEvent => {
    count();
    const judged = evaluate(network, test);
    const result: EpochMetrics = {
      epoch,
      k,
      trainAccuracy: tally.right / train.count,
      trainLoss: tally.loss / train.count,
      testAccuracy: judged.accuracy,
      testLoss: judged.loss,
      layers: layerMetrics(network, tally),
    };
    metrics.push(result);
    epoch++;
    position = 0;
    tally = emptyTally(plan);
    counted = counters();
    return { kind: 'epoch', metrics: result };
  };

  return {
    network,
    next: () => {
      if (epoch >= epochs) return undefined;
      const k = rateAt(config, epoch);
      if (position === 0 && order !== null) order = nextOrder(order);
      for (const end = Math.min(train.count, position + CHUNK); position < end; ) step(k);
      if (position === train.count) return endEpoch(k);
      return { kind: 'progress', epoch, sample: position, samples: train.count, accuracy: tally.right / position };
    },
    state: () => {
      count();
      return {
        epoch,
        position,
        weights: network.matrices(),
        rngState: network.rngState(),
        order: copied(order),
        tally: structuredClone(tally),
        metrics: [...metrics],
      };
    },
  };
};
