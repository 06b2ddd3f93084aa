import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { loadCheckpoint } from '../../src/training/index.js';
import { start } from '../cli/grapes.js';
import { temporaryFolder } from '../helpers/folder.js';

const EPOCHS = 40;
const SAVED = ['--epochs', `${EPOCHS}`, '--checkpoint-every', '500', '--checkpoint'] as const;
const TIMED = '--name waves --layers 3,6,5,3 --data synthetic --steps 3 --encoding rows --cell tanh --recurrent';
const NETWORKS = [
  ['dense', ['--preset', 'tiny']],
  ['in time, recurrent', TIMED.split(' ')],
] as const;
const KILLS = 5;

/** When the file was last written, in ns; 0 where it is not there. */
const written = (file: string): bigint => statSync(file, { bigint: true, throwIfNoEntry: false })?.mtimeNs ?? 0n;

test.each(NETWORKS)(
  'a run that is killed again and again, at any moment, ends as one left alone: %s',
  async (_, network) => {
    const run = ['train', ...network, ...SAVED];
    const folder = temporaryFolder();
    const file = join(folder, 'killed', 'seed-1.checkpoint');
    let kills = 0;
    while (kills < KILLS) {
      const before = written(file);
      const running = start(folder, [...run, 'killed', '--resume']);
      let ended = false;
      running.outcome.then(() => {
        ended = true;
      });
      while (written(file) === before && !ended) await wait(2);
      await wait(Math.random() * 120);
      running.kill('SIGKILL');
      const { code } = await running.outcome;
      if (code !== null) break;
      kills++;
    }
    expect(kills).toBeGreaterThanOrEqual(3);
    const log = join(folder, 'killed.jsonl');
    const resumed = await start(folder, [...run, 'killed', '--resume', '--log', log]).outcome;
    expect(resumed).toMatchObject({ code: 0 });
    expect(resumed.stdout).toMatch(/goes on from epoch \d+, sample/);
    const whole = await start(folder, [...run, 'whole', '--log', join(folder, 'whole.jsonl')]).outcome;
    expect(whole.code).toBe(0);

    const wanted = readFileSync(join(folder, 'whole', 'seed-1.checkpoint'));
    expect(loadCheckpoint(file)?.state.epoch).toBe(EPOCHS);
    expect(Buffer.compare(readFileSync(file), wanted)).toBe(0);
    expect(readFileSync(log, 'utf8')).toBe(readFileSync(join(folder, 'whole.jsonl'), 'utf8'));
  },
);
