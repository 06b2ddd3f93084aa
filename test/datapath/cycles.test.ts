import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseConfig, presets } from '../../src/config/index.js';
import { loadDataset } from '../../src/data/index.js';
import { bound } from '../../src/datapath/bound.js';
import { stepEnds } from '../../src/datapath/cycles.js';
import { plan } from '../../src/datapath/plan.js';
import { writeGolden } from '../../src/golden/index.js';
import { listLengthsOf } from '../../src/report/cycles.js';
import { emit } from '../../src/rtl/index.js';
import { RUN_SEED, rawConfig } from '../arbitrary/config.js';
import { temporaryFolder } from '../helpers/folder.js';
import { compileBench, coreArguments, isDone, missingIcarus, runBench, writeDesign } from '../rtl-tb/icarus.js';

const SAMPLES = 12;

/** Cycles of each step after the first, from a simulation. */
const simulated = async (raw: Parameters<typeof parseConfig>[0]): Promise<number[]> => {
  const design = plan(parseConfig(raw));
  const { name, layers, seed } = design.config;
  const dir = temporaryFolder();
  const files = emit(design);
  writeDesign(files, dir);
  const rtl = (files.get('filelist.f') ?? '').split('\n').filter((line) => line.endsWith('.sv'));
  expect(await compileBench(dir, `${name}_tb`, rtl, 'bench.vvp')).toBe('');
  const data = loadDataset('synthetic', 'train', { inputs: layers[0], classes: design.classes, seed, count: SAMPLES });
  const golden = join(dir, 'golden');
  const manifest = await writeGolden(design, data, { samples: SAMPLES, trace: SAMPLES }, golden);
  const plusargs = await coreArguments(design, golden, manifest, dir, { fastLoad: true });
  const lines = await runBench(dir, 'bench.vvp', [...plusargs, '+cycles']);
  expect(isDone(lines), lines.join('\n')).toBe(true);
  const ends = lines.flatMap((line) => /^GRAPES CYCLE sample=\d+ at=(\d+) /.exec(line)?.slice(1, 2).map(Number) ?? []);
  expect(ends).toHaveLength(SAMPLES);
  return steps(ends);
};

const steps = (ends: readonly number[]): number[] => ends.slice(1).map((end, at) => end - ends[at]);

/** The same from the list lengths that the model counts. */
const predicted = async (raw: Parameters<typeof parseConfig>[0]): Promise<number[]> => {
  const design = plan(parseConfig(raw));
  const { layers, seed } = design.config;
  const data = loadDataset('synthetic', 'train', { inputs: layers[0], classes: design.classes, seed, count: SAMPLES });
  return steps(stepEnds(design, await listLengthsOf(design, data, SAMPLES)));
};

describe.skipIf(missingIcarus)(`steps take the predicted cycles ${missingIcarus ?? ''}`, () => {
  it.each(
    [
      presets.tiny,
      { name: 'one', layers: [6, 3], lanes: 2 },
      { name: 'one', layers: [9, 7, 3], lanes: 1 },
      { name: 'wide', layers: [13, 21, 10, 4], lanes: 16 },
      { name: 'off', layers: [13, 21, 10, 4], lanes: 4, grapes: { mode: 'off' } },
      { name: 'local', layers: [11, 6, 5], lanes: 3, grapes: { mode: 'local' }, bits: 5 },
      { name: 'long', layers: [96, 18, 12, 10], lanes: 5, bits: { weight: 8, activation: 16, error: 9 } },
    ].map((fields) => ({ fields, title: `${fields.layers} on ${fields.lanes} lanes` })),
  )('$title', async ({ fields }) => {
    const raw = { ...fields, data: 'synthetic' };
    expect(await simulated(raw)).toEqual(await predicted(raw));
  });

  it.each(fc.sample(rawConfig({ hardware: true }), { numRuns: 4, seed: RUN_SEED }))('random %j', async (fields) => {
    const raw = { ...fields, data: 'synthetic' };
    expect(await simulated(raw)).toEqual(await predicted(raw));
  });
});

describe('a cycle that issues', () => {
  it.each([presets.tiny, { name: 'wide', layers: [30, 21, 17, 4], lanes: 2 }])(
    'is one of the bound: %j',
    async (fields) => {
      const design = plan(parseConfig({ ...fields, data: 'synthetic' }));
      const { layers, seed } = design.config;
      const data = loadDataset('synthetic', 'train', {
        inputs: layers[0],
        classes: design.classes,
        seed,
        count: SAMPLES,
      });
      const lengths = await listLengthsOf(design, data, SAMPLES);
      const issues = lengths.map(() => 0);
      stepEnds(design, lengths, (cycle) => {
        if (cycle.issues) issues[cycle.step]++;
      });
      const add = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
      expect(issues).toEqual(
        lengths.map(({ beats, groups, errors }) => bound(design, [add(beats), ...groups.map(add)], errors)),
      );
    },
  );
});
