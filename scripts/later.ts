/**
 * Nine digits first, the tenth learnt later on the core: the figures of docs/later-classes.md.
 *
 *   tsx scripts/later.ts
 */
import { resolve } from 'node:path';
import { learnLater } from './later/classes.js';

const percent = (share: number): string => `${(100 * share).toFixed(2)} %`;

const FOLDER = resolve('build', 'later');

for (const { rate, reminders } of [
  { rate: 8, reminders: 0 },
  { rate: 9, reminders: 0 },
  { rate: 10, reminders: 0 },
  { rate: 9, reminders: 100 },
]) {
  const { before, after, steps } = await learnLater({
    samples: 10_000,
    epochs: 2,
    nines: 100,
    rate,
    reminders,
    config: {},
    folder: FOLDER,
  });
  console.log(
    `100 nines and ${reminders} earlier digits at 2^-${rate}: digits 0..8 ${percent(before.earlier)} before, ${percent(after.earlier)} after; ` +
      `nines ${percent(before.later)} before, ${percent(after.later)} after (${steps} steps of the core equal the model's)`,
  );
}
