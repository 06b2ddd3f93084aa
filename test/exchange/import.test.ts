import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { parseConfig } from '../../src/config/index.js';
import { plan } from '../../src/datapath/plan.js';
import { readModel, writeExchange } from '../../src/exchange/index.js';
import { maxOf, minOf } from '../../src/fx/format.js';
import { type Outcome, start } from '../cli/grapes.js';
import { temporaryFolder } from '../helpers/folder.js';
import { inside } from '../training/inside.js';
import { safetensorsOf } from './build.js';
import { EXPECTED, fixture } from './models.js';

let folder: string;
beforeEach(() => {
  folder = temporaryFolder();
});
const run = (...parameters: string[]): Promise<Outcome> => inside(folder, parameters);
const text = (file: string): string => readFileSync(join(folder, file), 'utf8');
const imported = (file: string, ...more: string[]): Promise<Outcome> =>
  run('import', resolve(fixture(file)), '--to', 'in', ...more);

const expectRefusal = ({ code, stderr }: Outcome, message: string | RegExp): void => {
  expect(stderr).toMatch(/^error: /);
  expect(stderr).toMatch(message);
  expect(stderr).not.toMatch(/^\s+at .*:\d+/m);
  expect(code).toBe(2);
};

const QUICK = ['--samples', '500'] as const;

/** Test samples that judge a short run of 500. */
const JUDGED = 2500;

/** What chance alone may make of an accuracy: two standard errors. */
const chance = (share: number, samples: number): number => 2 * Math.sqrt((share * (1 - share)) / samples);

describe('import', () => {
  test.each([
    ['torch.safetensors', 4],
    ['torch.safetensors', 8],
    ['torch.onnx', 12],
    ['numpy.npz', 16],
    ['keras.h5', 8],
    ['torch-bias.safetensors', 5],
    ['keras.keras', 6],
  ])('%s at %i bits loses no more of its float model than calibrate predicts', async (file, bits) => {
    const { code, stdout, stderr } = await imported(file, '--bits', String(bits), '--json', ...QUICK);
    expect(stderr).not.toMatch(/error|warning/);
    expect(code).toBe(0);
    const { accuracy, matrices, calibration } = JSON.parse(stdout);
    expect(Math.abs(accuracy.float - EXPECTED[file].accuracy)).toBeLessThan(2e-4);
    const predicted = Math.max(0, calibration.wide.accuracy - calibration.chosen.accuracy);
    const lost = accuracy.float - accuracy.integers;
    expect(lost).toBeLessThanOrEqual(predicted + chance(accuracy.float, JUDGED));
    for (const { format, maxError, saturated } of matrices) {
      expect(format.bits).toBe(bits);
      if (saturated === 0) expect(maxError).toBeLessThanOrEqual(2 ** -(format.frac + 1));
    }
  });

  test('tells what it cost, and what comes next works: train from there, export, gen, another import', async () => {
    const { stdout } = await imported('torch.safetensors', ...QUICK);
    expect(stdout).toMatch(
      /^torch: 784-12-10 from .*torch\.safetensors \(safetensors, matrices out x in\), 8\/8\/8 bits$/m,
    );
    expect(stdout).toMatch(/^ +W_1 +fc1 +8\.6 +1\.44 +0\.00781 +-33\.\d dB +0 +\d+$/m);
    expect(stdout).toMatch(
      /^right of 10,000 test samples of mnist: 93\.55 % in floating point, 93\.\d\d % in integers/m,
    );
    expect(readdirSync(join(folder, 'in'))).toEqual(['config.json', 'weight1.mem', 'weight2.mem']);

    const from = ['--config', 'in/config.json', '--weights', 'in'];
    const trained = await run('train', ...from, '--rate', '11', '--samples', '3000', '--checkpoint', 'run', '--json');
    expect(JSON.parse(trained.stdout).epochs[0].trainAccuracy).toBeGreaterThan(0.88);
    expect((await run('export', 'run')).code).toBe(0);
    expect(text('weights/weight1.mem')).not.toBe(text('in/weight1.mem'));

    for (const file of ['weights/weights.npz', 'weights/weights.safetensors']) {
      expect(await run('import', file, '--to', 'again', '--force')).toMatchObject({ code: 0 });
      for (const name of ['weight1.mem', 'weight2.mem', 'config.json']) {
        expect(text(`again/${name}`)).toBe(text(`weights/${name}`));
      }
    }
    const gen = ['gen', '--config', 'again/config.json', '--weights', 'again', '--samples', '2', '--only', 'golden'];
    expect(await run(...gen)).toMatchObject({ code: 0 });
    expect(text('golden/torch/weight1_init.mem')).toBe(text('weights/weight1.mem'));
  });

  test('keeps the formats that a configuration gives', async () => {
    const frac = { weight: [4, 5], activation: [7, 3], error: [7, 7] };
    writeFileSync(join(folder, 'my.json'), JSON.stringify({ name: 'mine', layers: [784, 12, 10], frac }));
    const { stdout } = await imported('torch.safetensors', '--config', 'my.json');
    expect(stdout).toContain('formats as given');
    const { stdout: report } = await imported('torch.safetensors', '--config', 'my.json', '--json');
    expect(JSON.parse(report)).toMatchObject({ formats: 'given', calibration: null });
    expect(JSON.parse(text('in/config.json'))).toMatchObject({ name: 'mine', frac });
  });

  test('a first bias becomes the last column, of a constant feature', async () => {
    const { stdout } = await imported('torch-bias.safetensors', '--json', '--bits', '16', ...QUICK);
    const { config, notes, formats } = JSON.parse(stdout);
    expect(formats).toBe('data');
    expect(config).toMatchObject({ constant: true, layers: [785, 12, 10] });
    expect(notes[0]).toMatch(/^the bias of the first layer became the weights of a constant feature/);
    const [{ bias }] = (await readModel(fixture('torch-bias.safetensors'))).layers;
    const lines = text('in/weight1.mem').trim().split('\n');
    const unit = 2 ** -config.frac.weight[0];
    bias?.forEach((b, row) => {
      const value = Number.parseInt(lines[row * 785 + 784], 16);
      expect(Math.abs((value >= 2 ** 15 ? value - 2 ** 16 : value) * unit - b)).toBeLessThanOrEqual(unit / 2);
    });
  });

  const writeRows = (steps: number, data: string): void => {
    const config = { name: 'rows', steps, encoding: 'rows', bits: { weight: 12 }, data };
    writeFileSync(join(folder, 'rows.json'), JSON.stringify({ ...config, grapes: { mode: 'off' } }));
  };

  test.each(['torch-rnn.safetensors', 'torch-rnn.onnx', 'keras-rnn.keras'])('%s becomes W and H', async (file) => {
    writeRows(28, 'mnist');
    const { code, stdout } = await imported(file, '--config', 'rows.json', '--json', '--samples', '200');
    expect(code).toBe(0);
    const { accuracy, matrices, calibration, config: resolved } = JSON.parse(stdout);
    expect(matrices.map(({ matrix }: { matrix: string }) => matrix)).toEqual(['W_1', 'H_1', 'W_2']);
    expect(resolved).toMatchObject({ cell: ['tanh'], recurrent: [true], steps: 28 });
    expect(Math.abs(accuracy.float - EXPECTED[file].accuracy)).toBeLessThan(2e-4);
    expect(accuracy.float - accuracy.hardTanh).toBeLessThan(0.02);
    const predicted = Math.max(0, calibration.known.accuracy - calibration.chosen.accuracy);
    expect(accuracy.hardTanh - accuracy.integers).toBeLessThan(predicted + 0.01);
    expect(calibration.undoes).toBe(false);
  });

  test('takes smaller steps where the usual ones undo what the network knows, unless a rate is given', async () => {
    writeRows(28, 'mnist');
    const at = async (...more: string[]) => {
      const { stdout } = await imported(
        'torch-rnn.safetensors',
        '--config',
        'rows.json',
        '--bits',
        '8',
        ...QUICK,
        ...more,
      );
      return { stdout, rate: JSON.parse(text('in/config.json')).learningRateShift };
    };
    const usual = await at();
    expect(usual.rate).toBeGreaterThan(7);
    expect(usual.stdout).toContain(`note: larger steps than 2^-${usual.rate} take away what the network knows`);
    const given = await at('--rate', '10', '--force');
    expect(given.rate).toBe(10);
    expect(given.stdout).toContain(
      'note: steps of 2^-10 take away what the network knows; train with smaller ones: --rate 13',
    );
  });

  test('a recurrent network trains on, and comes back as it was exported', async () => {
    writeRows(4, 'synthetic');
    const tensors = { 'rnn.weight_ih_l0': [5, 6], 'rnn.weight_hh_l0': [5, 5], 'out.weight': [3, 5] };
    writeFileSync(join(folder, 'small.safetensors'), safetensorsOf(tensors));
    expect((await run('import', 'small.safetensors', '--to', 'in', '--config', 'rows.json')).code).toBe(0);
    const train = ['train', '--config', 'in/config.json', '--weights', 'in', '--samples', '50', '--rate', '14'];
    expect((await run(...train, '--checkpoint', 'run')).code).toBe(0);
    expect((await run('export', 'run')).code).toBe(0);
    for (const file of ['weights.npz', 'weights.safetensors']) {
      expect((await run('import', `weights/${file}`, '--to', 'again', '--force')).code).toBe(0);
      for (const name of ['weight1', 'recurrent1', 'weight2']) {
        expect(text(`again/${name}.mem`)).toBe(text(`weights/${name}.mem`));
      }
    }
  });

  test('the compiled command reads HDF5 in a thread of its own', async () => {
    const good = await start(folder, ['import', resolve(fixture('keras.h5')), '--to', 'in', '--json', ...QUICK])
      .outcome;
    expect(good).toMatchObject({ code: 0 });
    expect(JSON.parse(good.stdout).accuracy.float).toBeCloseTo(EXPECTED['keras.h5'].accuracy, 3);
    writeFileSync(join(folder, 'cut.h5'), readFileSync(fixture('keras.h5')).subarray(0, 30_000));
    expectRefusal(await start(folder, ['import', 'cut.h5', '--to', 'cut']).outcome, /cut\.h5: .*cut short/);
  });
});

describe('import refuses', () => {
  test.each<[string[], string | RegExp]>([
    [['none.npz', '--to', 'in'], 'none.npz: does not exist'],
    [['odd.safetensors', '--to', 'in'], /data: is not given, must be what the network is for; name it with --data/],
    [['odd.safetensors', '--to', 'in', '--data', 'csv:none.csv'], /none\.csv: does not exist/],
    [
      ['odd.safetensors', '--to', 'in', '--layers', '6,4,3'],
      /layers: is 6-4-3, but odd\.safetensors holds 5-4-3; leave layers out/,
    ],
    [['odd.safetensors', '--to', 'in', '--tensors', 'a.weight'], /has no tensor a\.weight/],
    [['odd.safetensors', '--to', 'in', '--layout', 'in-out'], /do not chain/],
    [
      [resolve(fixture('torch-rnn.safetensors')), '--to', 'in', '--data', 'mnist'],
      /steps: is not given, must be how many/,
    ],
    [['odd.safetensors', '--to', 'in', '--layout', 'rows'], /--layout.*out-in, in-out/],
    [['odd.safetensors'], /required option '--to <folder>'/],
    [['odd.safetensors', '--to', 'mine', '--data', 'synthetic'], /thesis\.tex.*--to/],
    [['odd.safetensors', '--to', 'in', '--bits', '17', '--data', 'synthetic'], /bits: is 17/],
  ])('%j', async (parameters, message) => {
    writeFileSync(join(folder, 'odd.safetensors'), safetensorsOf({ 'fc1.weight': [4, 5], 'fc2.weight': [3, 4] }));
    mkdirSync(join(folder, 'mine'));
    writeFileSync(join(folder, 'mine', 'thesis.tex'), 'mine');
    const outcome = await run('import', ...parameters);
    expect(outcome.code).toBe(2);
    expect(outcome.stderr).toMatch(message);
    expect(readdirSync(folder).sort()).toEqual(['mine', 'odd.safetensors']);
  });

  test('a checkpoint of a run that started from other weights', async () => {
    await imported('numpy.npz', ...QUICK);
    const train = ['train', '--config', 'in/config.json', '--samples', '200', '--checkpoint', 'run'];
    expect((await run(...train, '--weights', 'in')).code).toBe(0);
    expectRefusal(await run(...train, '--resume'), 'started from other weights; give the same --weights');
    expect((await run(...train, '--weights', 'in', '--resume', '--epochs', '2')).code).toBe(0);
  });
});

describe('what export writes for others', () => {
  test.each([4, 8, 9, 16])('at %i bits comes back as the same integers, the extremes too', async (bits) => {
    const design = plan(parseConfig({ name: 'odd', layers: [5, 3, 2], bits, lanes: 1 }));
    const weights = design.matrices.map(({ rows, columns }, m) =>
      Int16Array.from({ length: rows * columns }, (_, i) => [minOf(bits), maxOf(bits), 0, -1, i - m][i % 5]),
    );
    writeExchange(folder, design, weights, JSON.stringify({ name: 'odd' }), ['npz', 'safetensors']);
    for (const file of ['weights.npz', 'weights.safetensors']) {
      const { layers, config } = await readModel(join(folder, file));
      expect(config).toEqual({ name: 'odd' });
      layers.forEach(({ weight }, l) => {
        const { format } = design.matrices[l];
        expect(Int16Array.from(weight.values, (v) => v * 2 ** format.frac)).toEqual(weights[l]);
      });
    }
  });

  test('is the same bytes each time', () => {
    const design = plan(parseConfig({ name: 'odd', layers: [5, 2] }));
    const weights = [new Int16Array(10).fill(7)];
    const bytes = (name: string): Buffer => {
      const there = join(folder, name);
      mkdirSync(there);
      writeExchange(there, design, weights, '{}', ['npz', 'safetensors']);
      return Buffer.concat(readdirSync(there).map((file) => readFileSync(join(there, file))));
    };
    expect(bytes('a')).toEqual(bytes('b'));
  });
});
