import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseConfig } from '../../src/config/index.js';
import { plan } from '../../src/datapath/plan.js';
import { memoryCache, openCache } from '../../src/experiment/cache.js';
import { execute } from '../../src/experiment/execute.js';
import { openLab } from '../../src/experiment/lab.js';
import { configOf, isLegal } from '../../src/experiment/learner.js';
import type { Pool } from '../../src/experiment/pool.js';
import { inputSpikes, samplesOf, taskOf } from '../../src/experiment/samples.js';
import { keyOf, type RunResult, type RunSpec } from '../../src/experiment/spec.js';
import { type Arm, final, tune } from '../../src/experiment/tune.js';
import { Network, sampleFeatures } from '../../src/model/index.js';
import { calibrate } from '../../src/training/index.js';
import { temporaryFolder } from '../helpers/folder.js';

const SPEC: RunSpec = {
  engine: 'integer',
  layers: [784, 8, 10],
  bits: 8,
  mode: 'propagating',
  rate: 7,
  seed: 1,
  epochs: 2,
  samples: { train: 120, judge: 'test', judges: 50 },
};

const counting = (answer: (spec: RunSpec) => RunResult): { pool: Pool; ran: RunSpec[] } => {
  const ran: RunSpec[] = [];
  const run = async (spec: RunSpec): Promise<RunResult> => {
    ran.push(spec);
    return answer(spec);
  };
  return { pool: { run, close: async () => {} }, ran };
};

const constant = (): RunResult => ({ accuracy: [0.5], training: [0.4] });

describe('a run', () => {
  test('gives the same result again', async () => {
    const result = await execute(SPEC);
    expect(result).toEqual(await execute(SPEC));
    expect(result.accuracy).toHaveLength(2);
    expect(result.training).toHaveLength(2);
    expect(result.saturated).toHaveLength(2);
  });

  test('learns in either engine', async () => {
    for (const engine of ['integer', 'float'] as const) {
      const { accuracy } = await execute({ ...SPEC, engine, samples: { train: 1500, judge: 'test', judges: 200 } });
      expect(accuracy[1]).toBeGreaterThan(0.5);
    }
  });

  test('in time has a decay of its own', async () => {
    const time = { steps: 3, encoding: 'direct', cell: 'snu', recurrent: false } as const;
    const spec: RunSpec = { ...SPEC, time };
    const fast: RunSpec = { ...spec, time: { ...time, decayShift: 1 } };
    expect([configOf(spec).decayShift, configOf(fast).decayShift]).toEqual([3, 1]);
    expect((await execute(fast)).activity).not.toEqual((await execute(spec)).activity);
  });

  test('is judged several times an epoch, and follows a schedule', async () => {
    expect((await execute({ ...SPEC, judgements: 3 })).accuracy).toHaveLength(6);
    const still = {
      ...SPEC,
      rate: [
        { epoch: 0, shift: 7 },
        { epoch: 1, shift: 24 },
      ],
    };
    expect((await execute(still)).training[0]).toBe((await execute(SPEC)).training[0]);
    expect(await execute({ ...still, judgements: 2 })).not.toEqual(await execute({ ...SPEC, judgements: 2 }));
  });

  test('in tasks: a row of accuracies after each', async () => {
    const { tasks, accuracy } = await execute({ ...SPEC, epochs: 1, samples: { ...SPEC.samples, tasks: 3 } });
    expect(tasks?.map((row) => row.length)).toEqual([3, 3, 3]);
    expect(accuracy).toHaveLength(3);
    expect(accuracy[2]).toBeCloseTo(((tasks?.[2][0] ?? 0) + (tasks?.[2][1] ?? 0) + (tasks?.[2][2] ?? 0)) / 3, 10);
  });

  test('has the formats that calibration finds, legal at any widths', async () => {
    const samples = { train: 2000, judge: 'test', judges: 50 } as const;
    const calibrated = { ...SPEC, rate: 9, frac: 'calibrated', samples } as const;
    const digits = samplesOf(samples);
    const { config } = await calibrate(configOf({ ...SPEC, rate: 9 }), digits.learn, digits.judge, parseConfig);
    expect((await execute(calibrated)).frac).toEqual(config.frac);
    expect((await execute({ ...calibrated, seed: 2 })).frac).toEqual(config.frac);
    for (const [weight, datapath, rate] of [
      [16, 4, 5],
      [4, 16, 9],
    ]) {
      const bits = { weight, activation: datapath, error: datapath };
      expect(isLegal({ ...SPEC, rate, bits })).toBe(false);
      const { frac } = await execute({ ...calibrated, rate, bits });
      expect(frac && isLegal({ ...SPEC, rate, bits, frac })).toBe(true);
    }
  });

  test('does not take place where calibration finds that it diverges', async () => {
    const layers = [784, 16, 16, 16, 16, 10];
    const { refused, frac } = await execute({ ...SPEC, layers, rate: 0, frac: 'calibrated' });
    expect(refused).toMatch(/; raise /);
    expect(frac).toBeUndefined();
  });

  test('validation digits lie in the training set, behind those learnt from', () => {
    const { learn, judge } = samplesOf({ train: 50_000, judge: 'validation', judges: 10_000 });
    expect(learn.split).toBe('train');
    expect(judge.split).toBe('train');
    expect(judge.features.byteOffset - learn.features.byteOffset).toBe(learn.features.byteLength);
    expect(samplesOf({ train: 10, judge: 'test', judges: 10 }).judge.split).toBe('test');
  });

  test('tasks have pixel orders of their own, the first none', () => {
    const { judge } = samplesOf({ train: 1, judge: 'test', judges: 1 });
    const [zero, one, two] = [0, 1, 2].map((task) => taskOf(judge, task, 5).features);
    expect(zero).toEqual(judge.features);
    expect(one).not.toEqual(two);
    expect([...one].sort()).toEqual([...zero].sort());
  });

  test('formats decide which rates are legal', () => {
    expect(isLegal(SPEC)).toBe(true);
    expect(isLegal({ ...SPEC, bits: { weight: 16, activation: 4, error: 4 }, rate: 0 })).toBe(false);
  });
});

describe('the cache', () => {
  test('holds finished runs, and forgets a line that was cut short', () => {
    const file = join(temporaryFolder(), 'deep', 'runs.jsonl');
    openCache(file).put(SPEC, constant());
    openCache(file).put({ ...SPEC, seed: 2 }, constant());
    writeFileSync(file, readFileSync(file, 'utf8').slice(0, -5));
    const again = openCache(file);
    expect(again.get(SPEC)).toEqual(constant());
    expect(again.get({ ...SPEC, seed: 2 })).toBeUndefined();
    again.put({ ...SPEC, seed: 3 }, constant());
    expect(openCache(file).get({ ...SPEC, seed: 3 })).toEqual(constant());
    appendFileSync(file, '\nnot json');
    expect(openCache(file, { fresh: true }).get(SPEC)).toBeUndefined();
  });

  test('forgets runs of integers of an earlier contract, not those of floating point', () => {
    const file = join(temporaryFolder(), 'runs.jsonl');
    const float: RunSpec = { ...SPEC, engine: 'float' };
    const lines = [SPEC, float].map((spec) => JSON.stringify({ spec, result: constant() }));
    writeFileSync(file, lines.join('\n'));
    expect(openCache(file).get(SPEC)).toBeUndefined();
    expect(openCache(file).get(float)).toEqual(constant());
  });

  test('knows a run by its fields, in whatever order', () => {
    const { seed, ...rest } = SPEC;
    expect(keyOf({ seed, ...rest })).toBe(keyOf(SPEC));
    expect(keyOf({ ...SPEC, seed: 2 })).not.toBe(keyOf(SPEC));
  });
});

describe('the lab', () => {
  test('carries equal runs out once, and none that the cache has', async () => {
    const cache = memoryCache();
    cache.put({ ...SPEC, seed: 2 }, constant());
    const { pool, ran } = counting(constant);
    const lab = openLab({ quick: true, cache, pool });
    const specs = [SPEC, { ...SPEC, seed: 2 }, SPEC];
    expect(await lab.all(specs)).toEqual([constant(), constant(), constant()]);
    expect(ran).toEqual([SPEC]);
  });

  test('stops when interrupted', async () => {
    const { pool } = counting(constant);
    const lab = openLab({ quick: true, cache: memoryCache(), pool, signal: AbortSignal.abort() });
    await expect(lab.all([SPEC])).rejects.toThrow(/goes on where it stopped/);
  });
});

describe('tuning', () => {
  const { rate: _, seed: __, epochs: ___, samples: ____, ...spec } = SPEC;
  const arm: Arm = { name: 'an arm', spec, rates: [6, 7, 8] };
  const best = (k: number) => counting(({ rate }) => ({ accuracy: [rate === k ? 0.9 : 0.8], training: [0.5] }));
  const tuning = { samples: { train: 10, judge: 'validation', judges: 10 }, epochs: 1, seeds: [1, 2] } as const;

  test('takes the rate that does best on validation digits and nothing else', async () => {
    const { pool, ran } = best(7);
    const lab = openLab({ quick: true, cache: memoryCache(), pool });
    const [tuned] = await tune(lab, [arm], tuning);
    expect(tuned).toMatchObject({ k: 7, edge: false });
    expect(ran).toHaveLength(6);
    expect(ran.every(({ samples }) => samples.judge === 'validation')).toBe(true);
    const [results] = await final(lab, [tuned], { ...tuning, samples: SPEC.samples });
    expect(results).toHaveLength(2);
    expect(ran.slice(6).map(({ rate }) => rate)).toEqual([7, 7]);
  });

  test('says when the best rate is at the edge, and prefers the larger of equals', async () => {
    const { pool } = best(99);
    const [tuned] = await tune(openLab({ quick: true, cache: memoryCache(), pool }), [arm], tuning);
    expect(tuned).toMatchObject({ k: 6, edge: true });
  });

  test('leaves out rates without formats', async () => {
    const { pool } = counting(({ rate }) => ({
      ...constant(),
      ...(rate === 6 && { refused: 'learningRateShift: diverges; raise it' }),
    }));
    const [{ trials }] = await tune(openLab({ quick: true, cache: memoryCache(), pool }), [arm], tuning);
    expect(trials.map(({ k }) => k)).toEqual([7, 8]);
  });

  test('leaves out illegal rates, and refuses an arm that has no other', async () => {
    const { pool } = best(7);
    const lab = openLab({ quick: true, cache: memoryCache(), pool });
    const narrow = { ...spec, bits: { weight: 16, activation: 4, error: 4 } };
    await expect(tune(lab, [{ ...arm, spec: narrow, rates: [0] }], tuning)).rejects.toThrow(/an arm: no rate/);
  });
});

test('as many spikes are expected of digits as the encoder draws', () => {
  const time = { steps: 5, encoding: 'rate', cell: 'snu', recurrent: false } as const;
  const network = new Network(plan(configOf({ ...SPEC, time })));
  const { judge } = samplesOf({ train: 1, judge: 'test', judges: 1000 });
  let drawn = 0;
  for (let n = 0; n < judge.count; n++) {
    network.predictSample(sampleFeatures(judge, n));
    drawn += network.input().reduce((sum, spike) => sum + spike, 0);
  }
  expect(inputSpikes(5) / (drawn / judge.count)).toBeCloseTo(1, 2);
});
