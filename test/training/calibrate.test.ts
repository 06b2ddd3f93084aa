import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseConfig, type RawConfig } from '../../src/config/index.js';
import { calibrate } from '../../src/training/index.js';
import { temporaryFolder } from '../helpers/folder.js';
import { inside } from './inside.js';
import { samples } from './learner.js';

const few = { ...samples.train, count: 500 };
const config = (fields: Partial<RawConfig> = {}) => parseConfig({ name: 'learner', layers: [30, 16, 4], ...fields });
const chosenFor = async (fields: Partial<RawConfig>) =>
  (await calibrate(config(fields), few, samples.test, parseConfig)).config.frac;

describe('calibration', () => {
  it('chooses a fraction for every list entry and says what speaks for it', async () => {
    const { choices, config: chosen, judged } = await calibrate(config(), few, samples.test, parseConfig);
    expect(choices.map(({ kind, index }) => `${kind}${index}`)).toEqual([
      'weight0',
      'weight1',
      'activation0',
      'activation1',
      'error0',
      'error1',
    ]);
    for (const { kind, index, chosen: frac, given } of choices) {
      expect(chosen.frac[kind]?.[index]).toBe(frac);
      expect(config().frac[kind]?.[index]).toBe(given);
    }
    for (const { quality } of choices) expect(quality.saturated).toBeLessThan(0.02);
    expect(judged.wide.accuracy).toBeGreaterThan(0.8);
    expect(judged.chosen.accuracy).toBeGreaterThan(0.8);
  });

  it('does not depend on the formats given, nor on the run', async () => {
    const given = { frac: { weight: [3, 9], activation: [7, 2], error: [2, 3] } };
    expect(await chosenFor(given)).toEqual(await chosenFor({}));
  });

  it('gives a bit more of width to the fractions', async () => {
    const narrow = await chosenFor({ bits: 7 });
    const wide = await chosenFor({ bits: 8 });
    expect(wide.error[0] - narrow.error[0]).toBe(1);
    expect(wide.activation[1] - narrow.activation[1]).toBe(1);
  });

  it('gives errors more range layer by layer where the factors multiply', async () => {
    const layers = [30, 24, 24, 24, 24, 4];
    const { error } = await chosenFor({ layers, grapes: { mode: 'propagating' } });
    expect(error[0]).toBeLessThan(error[3]);
  });

  it('lowers what would make an update shift illegal, and says so', async () => {
    const narrow = config({
      bits: { weight: 16, activation: 4, error: 4 },
      learningRateShift: 4,
      frac: { weight: [5, 5], activation: [3, 1], error: [3, 3] },
    });
    const { choices, config: chosen } = await calibrate(narrow, few, samples.test, parseConfig);
    const { weight, activation, error } = chosen.frac;
    const shifts = weight.map((fw, i) => error[i] + activation[i] + 4 - fw);
    const limited = choices.filter((choice) => choice.limited);
    expect(limited.length).toBeGreaterThan(0);
    for (const { kind, index } of limited) {
      expect(kind).toBe('weight');
      expect(shifts[index]).toBe(0);
    }
  });

  it.each([3, 5, 24])('gives legal formats for deep nets at a rate far from the best: 2^-%i', async (shift) => {
    const layers = [30, 24, 24, 24, 24, 24, 24, 4];
    const frac = { weight: layers.slice(1).map(() => 7), error: layers.slice(1).map(() => 7) };
    const given = config({ layers, learningRateShift: shift, frac, grapes: { mode: 'local' } });
    const { choices } = await calibrate(given, few, samples.test, parseConfig);
    expect(choices).toHaveLength(3 * 7);
  });

  it('blames the rate where no legal formats are left', async () => {
    const none = () => parseConfig({ name: 'x', layers: [2, 0] });
    await expect(calibrate(config(), few, samples.test, none)).rejects.toThrow(
      /^learningRateShift: is 7, but at 2\^-7 no legal formats hold the network's values \(layers.*\); raise it$/,
    );
  });

  it('refuses a rate at which even 16 bits overflow', async () => {
    const layers = [30, 24, 24, 24, 24, 24, 24, 4];
    const frac = { weight: layers.slice(1).map(() => 5), error: layers.slice(1).map(() => 7) };
    const given = config({ layers, learningRateShift: 0, frac });
    await expect(calibrate(given, few, samples.test, parseConfig)).rejects.toThrow(
      'learningRateShift: is 0, but at 2^-0 the activations grow without end even in 16 bits; raise it',
    );
  });

  it('finds the ranges of values far from the usual', async () => {
    const bright = { ...few, features: few.features.map((p) => (p > 0 ? 1 : 0)) };
    const dim = await calibrate(config(), bright, samples.test, parseConfig);
    const usual = await calibrate(config(), few, samples.test, parseConfig);
    expect(dim.config.frac.activation[1]).toBeGreaterThan(usual.config.frac.activation[1]);
  });

  it('heeds a signal', async () => {
    const signal = AbortSignal.abort();
    await expect(calibrate(config(), few, samples.test, parseConfig, { signal })).rejects.toThrow('interrupted');
  });
});

describe('the command', () => {
  const TINY = ['calibrate', '--preset', 'tiny', '--samples', '300'] as const;

  it('prints a table, the reasons and the configuration', async () => {
    const { code, stdout } = await inside(temporaryFolder(), TINY);
    expect(code).toBe(0);
    expect(stdout).toMatch(/field +given +chosen +largest +saturate +round to 0 +noise/);
    expect(stdout).toMatch(/frac\.error\[2\] +7 +7 +\d\.\d+ +\d\.\d\d % +\d+\.\d\d % +-\d+ dB/);
    expect(stdout).toContain('weights: finest that holds 2 x the largest of the run');
    expect(parseConfig(JSON.parse(stdout.slice(stdout.indexOf('\n{') + 1)))).toMatchObject({ name: 'tiny' });
  });

  it('writes a configuration that train takes, and replaces nothing else', async () => {
    const folder = temporaryFolder();
    const { stdout } = await inside(folder, [...TINY, '--out', 'tiny.json']);
    expect(stdout).toContain('tiny.json written. Next: grapes-hw train --config tiny.json');
    expect((await inside(folder, ['train', '--config', 'tiny.json', '--samples', '500'])).code).toBe(0);
    expect((await inside(folder, [...TINY, '--out', 'tiny.json'])).code).toBe(0);
    writeFileSync(join(folder, 'notes.txt'), 'mine');
    const refused = await inside(folder, [...TINY, '--out', 'notes.txt']);
    expect(refused).toMatchObject({ code: 2 });
    expect(refused.stderr).toMatch(/notes\.txt: exists and is no configuration; name another file with --out/);
    expect(readFileSync(join(folder, 'notes.txt'), 'utf8')).toBe('mine');
  });

  it('--json has all of it', async () => {
    const { stdout } = await inside(temporaryFolder(), [...TINY, '--json']);
    const { config: chosen, choices, judged } = JSON.parse(stdout);
    expect(parseConfig(chosen).frac.error).toEqual(
      choices
        .filter(({ kind }: { kind: string }) => kind === 'error')
        .map(({ chosen: frac }: { chosen: number }) => frac),
    );
    expect(Object.keys(judged)).toEqual(['wide', 'given', 'chosen']);
  });

  it.each([
    [['--samples', '0'], /--samples.*whole number, 1 to/],
    [['--out', 'none/tiny.json'], /none\/tiny\.json: does not exist; check the path/],
  ])('refuses %j', async (parameters, message) => {
    const folder = temporaryFolder();
    const { code, stderr } = await inside(folder, [...TINY, ...parameters]);
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
    expect(existsSync(join(folder, 'none'))).toBe(false);
  });
});

describe('calibration in time', () => {
  it('leaves the formats of cells and spikes alone and chooses those of recurrent weights', async () => {
    const fields = { steps: 4, encoding: 'rate', cell: ['snu', 'tanh'], recurrent: [true, false] } as const;
    const raw = parseConfig({ name: 'net', layers: [30, 16, 12, 4], ...fields, learningRateShift: 9 });
    const { config: found, choices } = await calibrate(raw, few, samples.test, parseConfig);
    expect(found.frac.activation).toEqual([0, 0, 7]);
    expect(found.frac.recurrent).toEqual([choices.find(({ kind }) => kind === 'recurrent')?.chosen, null]);
    // hard tanh saturates by nature
    for (const { kind, quality } of choices) if (kind !== 'activation') expect(quality.saturated).toBeLessThan(0.02);
  });
});
