/** docs/later-classes.md, short: a reserved output learns its class on the core. */
import { expect, test } from 'vitest';
import { learnLater } from '../../scripts/later/classes.js';
import { temporaryFolder } from '../helpers/folder.js';

test('nine digits first, the tenth later from 100 samples, on the core', async () => {
  const { before, after, steps } = await learnLater({
    samples: 1500,
    epochs: 1,
    nines: 100,
    rate: 9,
    reminders: 100,
    tests: 400,
    config: { layers: [784, 24, 10], lanes: 8, learningRateShift: 6 },
    folder: temporaryFolder(),
  });
  expect(steps).toBe(1500 + 200);
  expect(before.earlier).toBeGreaterThan(0.7);
  expect(before.later).toBe(0);
  expect(after.later).toBeGreaterThan(0.7);
  expect(after.earlier).toBeGreaterThan(before.earlier - 0.25);
}, 300_000);
