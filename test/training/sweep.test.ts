import { describe, expect, it } from 'vitest';
import { runJob, spread, sweep } from '../../src/training/index.js';
import { learner, samples } from './learner.js';

describe('a sweep', () => {
  const jobs = [1, 2, 3].map((seed) => ({ job: { plan: learner({ seed }), epochs: 1 }, samples }));

  it('gives the results of its jobs in their order', async () => {
    const told = new Set<number>();
    const results = await sweep(jobs, { onEvent: (index) => told.add(index) });
    expect([...told]).toEqual([0, 1, 2]);
    for (const [i, { job }] of jobs.entries()) expect(results[i]).toEqual(await runJob(job, samples));
  });

  it('ends when it is told to', async () => {
    const abort = new AbortController();
    const onEvent = (): void => abort.abort();
    await expect(sweep(jobs, { onEvent, signal: abort.signal })).rejects.toThrow('interrupted');
  });
});

describe('spread', () => {
  it('is the mean and the standard deviation of a sample', () => {
    const { mean, deviation } = spread([1, 2, 3, 4]);
    expect(mean).toBe(2.5);
    expect(deviation).toBeCloseTo(1.290994, 6);
  });

  it('of one value has no deviation', () => expect(spread([7])).toEqual({ mean: 7, deviation: 0 }));
});
