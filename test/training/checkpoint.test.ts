import { chmodSync, mkdirSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import type { RawConfig } from '../../src/config/index.js';
import { UserError } from '../../src/fx/error.js';
import {
  checkpointFile,
  type JobEvent,
  loadCheckpoint,
  runJob,
  saveCheckpoint,
  startRun,
} from '../../src/training/index.js';
import { temporaryFolder } from '../helpers/folder.js';
import { finish, learner, samples } from './learner.js';

const job = (
  folder: string,
  resume: boolean,
  fields: Partial<RawConfig> = {},
  options: { shuffle?: boolean } = {},
) => ({
  plan: learner(fields),
  epochs: 2,
  checkpoint: { folder, every: 700, resume },
  ...options,
});

let folder: string;
beforeEach(() => {
  folder = temporaryFolder();
});

describe('a checkpoint', () => {
  it.each([true, false])('comes back as it was (shuffled: %s)', (shuffle) => {
    const run = startRun(learner(), samples.train, samples.test, { epochs: 2, shuffle });
    for (let n = 0; n < 6; n++) run.next();
    const identity = { config: learner().config, shuffle, samples: 'a'.repeat(64) };
    const history = [{ epoch: 1, before: 7, after: [{ epoch: 0, shift: 7 }] }];
    const checkpoint = { identity, state: run.state(), history };
    const file = join(folder, 'deeper', 'one.checkpoint');
    saveCheckpoint(file, checkpoint);
    expect(loadCheckpoint(file)).toEqual(checkpoint);
    expect(readdirSync(join(folder, 'deeper'))).toEqual(['one.checkpoint']);
  });

  it('that is not there is none', () => expect(loadCheckpoint(join(folder, 'none'))).toBeUndefined());

  it('is the same bytes for the same run', async () => {
    const files = ['a', 'b'].map((name) => checkpointFile(join(folder, name), 1));
    for (const name of ['a', 'b']) await runJob(job(join(folder, name), false), samples);
    expect(Buffer.compare(readFileSync(files[0]), readFileSync(files[1]))).toBe(0);
  });
});

describe('a job with checkpoints', () => {
  /** Runs until the event after which it is interrupted. */
  const interruptAfter = async (events: number): Promise<void> => {
    const abort = new AbortController();
    let seen = 0;
    const onEvent = (): void => {
      if (++seen === events) abort.abort();
    };
    await expect(runJob(job(folder, false), samples, { onEvent, signal: abort.signal })).rejects.toThrow('interrupted');
  };

  it.each([1, 3, 4, 6])('interrupted after event %d goes on to the same end', async (events) => {
    const whole = startRun(learner(), samples.train, samples.test, { epochs: 2 });
    finish(whole);
    await interruptAfter(events);
    const told: string[] = [];
    const result = await runJob(job(folder, true), samples, { onEvent: ({ kind }) => told.push(kind) });
    expect(told[0]).toBe('resumed');
    const { metrics, weights } = whole.state();
    expect(result).toEqual({ metrics, weights });
    expect(loadCheckpoint(checkpointFile(folder, 1))?.state).toEqual(whole.state());
  });

  it('resumes from the start where there is nothing yet', async () => {
    const told: string[] = [];
    await runJob(job(folder, true), samples, { onEvent: ({ kind }) => told.push(kind) });
    expect(told).not.toContain('resumed');
  });

  it('goes on whatever the lanes, which change no number', async () => {
    await interruptAfter(3);
    await runJob(job(folder, true, { lanes: 3 }), samples);
  });

  const refusal = async (act: () => Promise<unknown>): Promise<string> => {
    const error = await act().then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(UserError);
    return error instanceof UserError ? error.message : '';
  };

  it('never writes over one without being told to go on', async () => {
    await interruptAfter(3);
    const before = readFileSync(checkpointFile(folder, 1));
    expect(await refusal(() => runJob(job(folder, false), samples))).toMatch(
      /seed-1\.checkpoint: holds a checkpoint \(epoch 1, sample 1500\) .* add --resume/,
    );
    expect(readFileSync(checkpointFile(folder, 1))).toEqual(before);
  });

  it.each<[string, Partial<RawConfig>, { shuffle?: boolean }]>([
    ['layers[1] is 16 in it, 17 here', { layers: [30, 17, 4] }, {}],
    ['layers is [30,16,4] in it, [30,16,5,4] here', { layers: [30, 16, 5, 4] }, {}],
    ['bits.weight is 8 in it, 9 here', { bits: { weight: 9 } }, {}],
    ['frac.error[0] is 7 in it, 6 here', { frac: { error: [6, 7] } }, {}],
    ['grapes.mode is "propagating" in it, "off" here', { grapes: { mode: 'off' } }, {}],
    ['shuffle is true in it, false here', {}, { shuffle: false }],
  ])('refuses one of another run: %s', async (text, fields, options) => {
    await interruptAfter(3);
    expect(await refusal(() => runJob(job(folder, true, fields, options), samples))).toContain(
      `belongs to another run: ${text}; set `,
    );
  });

  describe('goes on with another schedule', () => {
    const steps = (...pairs: readonly (readonly [number, number])[]) =>
      pairs.map(([epoch, shift]) => ({ epoch, shift }));
    const at = (events: number, learningRateShift: RawConfig['learningRateShift']) => async () => {
      await interruptAfter(events);
      const changes: unknown[] = [];
      const onEvent = (event: JobEvent): void => {
        if (event.kind === 'resumed') changes.push(event.change);
      };
      const run = () => runJob({ ...job(folder, true, { learningRateShift }), epochs: 3 }, samples, { onEvent });
      return { result: await run(), changes, again: run };
    };
    const alone = (learningRateShift: RawConfig['learningRateShift']) => {
      const run = startRun(learner({ learningRateShift }), samples.train, samples.test, { epochs: 3 });
      finish(run);
      const { metrics, weights } = run.state();
      return { metrics, weights };
    };
    const file = (): string => checkpointFile(folder, 1);

    it.each([
      // events: three chunks of 500 samples, then the end of the epoch
      ['in the first epoch: from the second on', 2, 9, steps([0, 7], [1, 9]), 1],
      ['between two epochs: from the second on', 4, 9, steps([0, 7], [1, 9]), 1],
      ['in the second epoch: from the third on', 5, steps([0, 3], [2, 8]), steps([0, 7], [2, 8]), 2],
      ['what it says of the past has no effect', 4, steps([0, 2], [1, 7], [2, 6]), steps([0, 7], [2, 6]), 1],
    ])('%s', async (_, events, asked, effective, epoch) => {
      const { result, changes, again } = await at(events, asked)();
      expect(result).toEqual(alone(effective));
      expect(changes).toEqual([{ epoch, before: 7, after: effective }]);
      const checkpoint = loadCheckpoint(file());
      expect(checkpoint?.history).toEqual(changes);
      expect(checkpoint?.identity.config.learningRateShift).toEqual(effective);
      const before = readFileSync(file());
      await again();
      expect(changes.slice(1)).toEqual([null]);
      expect(readFileSync(file())).toEqual(before);
    });

    it('or with the same, said otherwise, which is no change', async () => {
      const { result, changes } = await at(3, steps([0, 7], [5, 7]))();
      expect(result).toEqual(alone(7));
      expect(changes).toEqual([null]);
      expect(loadCheckpoint(file())?.history).toEqual([]);
    });
  });

  it('refuses one of other samples', async () => {
    await interruptAfter(3);
    const fewer = { ...samples, train: { ...samples.train, count: 1799 } };
    expect(await refusal(() => runJob(job(folder, true), fewer))).toContain('belongs to other training samples');
  });

  describe('refuses one that is damaged:', () => {
    const file = (): string => checkpointFile(folder, 1);
    const damage: Readonly<Record<string, (bytes: Buffer) => void>> = {
      'a flipped bit in the weights': (bytes) => {
        bytes[bytes.length - 5000] ^= 1;
      },
      'a changed digit in the header': (bytes) => {
        const at = bytes.indexOf('"position":') + 11;
        bytes[at] = bytes[at] === 49 ? 50 : 49;
      },
      'another checksum': (bytes) => {
        bytes[30] = bytes[30] === 48 ? 49 : 48;
      },
    };

    it.each(Object.entries(damage))('%s', async (_, change) => {
      await interruptAfter(3);
      const bytes = readFileSync(file());
      change(bytes);
      writeFileSync(file(), bytes);
      expect(await refusal(() => runJob(job(folder, true), samples))).toMatch(
        /seed-1\.checkpoint: is corrupt: its sha256 is [0-9a-f]{64}, must be [0-9a-f]{64}; restore it from a copy, or delete it/,
      );
    });

    it('cut short', async () => {
      await interruptAfter(3);
      truncateSync(file(), readFileSync(file()).length - 1);
      expect(await refusal(() => runJob(job(folder, true), samples))).toContain('is corrupt');
    });

    it.each([
      ['empty', '', 'is no checkpoint, must be of grapes-checkpoint/1'],
      ['something else', 'Dear diary,\n', 'is no checkpoint, must be of grapes-checkpoint/1'],
      [
        'of a later version',
        'grapes-checkpoint/2 abc\n',
        'is of format grapes-checkpoint/2, must be of grapes-checkpoint/1',
      ],
    ])('%s', async (_, text, message) => {
      writeFileSync(file(), text);
      expect(await refusal(() => runJob(job(folder, true), samples))).toContain(message);
    });
  });

  it('says at once that it can’t write, before it trains', async () => {
    writeFileSync(join(folder, 'file'), '');
    const told: string[] = [];
    const act = () =>
      runJob(job(join(folder, 'file', 'below'), false), samples, { onEvent: ({ kind }) => told.push(kind) });
    expect(await refusal(act)).toContain('a part of the path is not a folder; check the path');
    expect(told).toEqual([]);
  });

  it.skipIf(process.getuid?.() === 0)('says that a folder is read-only', async () => {
    const locked = join(folder, 'locked');
    mkdirSync(locked);
    chmodSync(locked, 0o500);
    expect(await refusal(() => runJob(job(locked, false), samples))).toContain('permission denied');
  });
});
