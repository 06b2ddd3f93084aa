/** Networks in time as a user meets them: docs/time.md, and what is refused. */
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { temporaryFolder } from '../helpers/folder.js';
import { grapes, type Outcome } from './grapes.js';

const PAGE = readFileSync('docs/time.md', 'utf8');

const codeOf = (language: string): string =>
  new RegExp(`\`\`\`${language}\\n([^\`]*(?:\`[^\`]+)*?)\`\`\``).exec(PAGE)?.[1] ?? '';

const commandOf = (start: string): string[] =>
  (PAGE.split('\n').find((line) => line.trim().startsWith(start)) ?? '').trim().split(/\s+/).slice(1);

/** 40 samples of 3 steps of 2 channels, as a CSV. */
const windows = (values: (n: number) => readonly number[]): string => {
  const folder = temporaryFolder();
  const lines = Array.from({ length: 40 }, (_, n) => [...values(n), n % 2 === 0 ? 'even' : 'odd'].join(','));
  writeFileSync(join(folder, 'windows.csv'), `${lines.join('\n')}\n`);
  return folder;
};

const timed = (folder: string, ...flags: string[]): Promise<Outcome> =>
  grapes(folder, 'train', '--name', 'own', '--data', 'csv:windows.csv', '--layers', '2,6,2', ...flags);

describe('docs/time.md', () => {
  test('trains on windows made on the spot, with one command', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'windows.mjs'), codeOf('js'));
    expect(spawnSync(process.execPath, ['windows.mjs'], { cwd: folder }).status).toBe(0);
    const { code, stdout } = await grapes(folder, ...commandOf('grapes-hw train --name motion'), '--json');
    expect(code).toBe(0);
    const { epochs } = JSON.parse(stdout);
    expect(epochs).toHaveLength(10);
    expect(epochs[9].testAccuracy).toBeGreaterThan(0.95);
    expect(epochs[9].layers[0].steps).toHaveLength(20);
  });

  test('trains on spike trains', async () => {
    const folder = windows((n) => Array.from({ length: 6 }, (_, at) => Number(at % 2 === n % 2)));
    const { code, stdout } = await timed(
      folder,
      '--steps',
      '3',
      '--encoding',
      'events',
      '--cell',
      'snu',
      '--epochs',
      '10',
    );
    expect(code).toBe(0);
    expect(stdout).toMatch(/^own: 2-6-2, snu, 3 steps, events,/);
    expect(stdout).toMatch(/step by step:\n +layer +step +active/);
  });
});

describe('flags in time', () => {
  const numbers = () => windows((n) => Array.from({ length: 6 }, (_, at) => (at - n / 8) / 10));

  test.each([
    [['--steps', '65', '--encoding', 'rows', '--cell', 'snu'], /steps: is 65, must be an integer 1\.\.64/],
    [
      ['--steps', '4', '--encoding', 'rows', '--cell', 'snu'],
      /has 6 features a sample, but 4 steps of 2 are 8; set steps to 3/,
    ],
    [
      ['--steps', '3', '--encoding', 'events', '--cell', 'snu'],
      /feature 2 of sample 1 is 0\.1, must be 0 or 1 with encoding events/,
    ],
    [['--steps', '3', '--cell', 'lstm'], /--cell.*relu, tanh, snu/],
    [['--steps', '3', '--cell', 'snu,tanh'], /cell: has 2 entries, must have 1/],
    [['--encoding', 'rate'], /encoding: is "rate", must be direct in a network of one step/],
    [['--encoding', 'sometimes'], /--encoding.*direct, rate, rows, events/],
  ])('%j are refused', async (flags, message) => {
    const { code, stderr } = await timed(numbers(), ...flags);
    expect(stderr).toMatch(message);
    expect(code).toBe(2);
  });

  test('of a probability below 0 are refused before anything is trained', async () => {
    const { code, stdout, stderr } = await timed(
      numbers(),
      '--layers',
      '6,6,2',
      '--steps',
      '2',
      '--encoding',
      'rate',
      '--cell',
      'snu',
    );
    expect(stderr).toMatch(/feature 1 of sample \d+ is -0\.\d+, must be 0\.\.1 with encoding rate.*minmax/);
    expect(stdout).toBe('');
    expect(code).toBe(2);
  });

  test('of recurrent relu cells get a warning', async () => {
    const { code, stderr } = await timed(numbers(), '--steps', '3', '--encoding', 'rows', '--recurrent');
    expect(stderr).toMatch(/warning: layer 1 is recurrent with relu cells/);
    expect(code).toBe(0);
  });

  test('override those of a preset, and drop its formats where the cells change', async () => {
    const { stdout } = await grapes(
      numbers(),
      'report',
      'memory',
      '--preset',
      'snu',
      '--cell',
      'tanh',
      '--no-recurrent',
      '--steps',
      '2',
      '--json',
    );
    expect(JSON.parse(stdout).time).toMatchObject({ cell: ['tanh', 'tanh'], recurrent: [false, false], steps: 2 });
  });
});

describe('commands that know networks in time', () => {
  test('init names one that runs', async () => {
    const folder = temporaryFolder();
    const { stdout } = await grapes(folder, 'init', 'rnn.json', '--preset', 'rnn');
    expect(stdout).toMatch(/grapes-hw gen --config rnn\.json/);
    expect(JSON.parse(readFileSync(join(folder, 'rnn.json'), 'utf8'))).toMatchObject({ steps: 28, cell: ['tanh'] });
  });

  test('resume, export and import keep every integer of a recurrent network', async () => {
    const folder = windows((n) => Array.from({ length: 6 }, (_, at) => ((at + n) % 5) / 5));
    const flags = ['--steps', '3', '--encoding', 'rows', '--cell', 'tanh', '--recurrent'];
    await timed(folder, ...flags, '--epochs', '4', '--checkpoint', 'whole');
    await timed(folder, ...flags, '--epochs', '2', '--checkpoint', 'parts');
    await timed(folder, ...flags, '--epochs', '4', '--checkpoint', 'parts', '--resume');
    const { stdout } = await grapes(folder, 'export', 'whole', '--out', 'one');
    expect(stdout).toMatch(/8 bits: 6 x 2, 6 x 6, 2 x 6\n/);
    expect(stdout).toMatch(/Next: grapes-hw gen --config one\/config.json --weights one\n/);
    await grapes(folder, 'export', 'parts', '--out', 'two');
    const imported = await grapes(folder, 'import', join('one', 'weights.npz'), '--to', 'three');
    expect(imported.stdout).toMatch(/right of 4 test samples of csv:windows.csv: \d+\.\d+ % in integers\n/);
    for (const name of ['weight1', 'recurrent1', 'weight2']) {
      const [one, two, three] = ['one', 'two', 'three'].map((at) =>
        readFileSync(join(folder, at, `${name}.mem`), 'utf8'),
      );
      expect(two, name).toBe(one);
      expect(three, name).toBe(one);
    }
    const golden = await grapes(
      folder,
      'gen',
      '--config',
      'three/config.json',
      '--weights',
      'three',
      '--only',
      'golden',
      '--samples',
      '4',
    );
    expect(golden.code).toBe(0);
    expect(readFileSync(join(folder, 'golden', 'own', 'recurrent1_init.mem'), 'utf8')).toBe(
      readFileSync(join(folder, 'one', 'recurrent1.mem'), 'utf8'),
    );
  });

  test('report cycles counts the bound on data', async () => {
    const folder = temporaryFolder();
    const { code, stdout } = await grapes(folder, 'report', 'cycles', '--preset', 'rnn', '--samples', '3');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Bound of a training sample of rnn: 28-128-10, recurrent tanh, 28 steps, rows/);
    expect(stdout).toMatch(/The core takes more cycles than this bound/);
  });

  test('gen writes a core, its testbench and golden vectors', async () => {
    const folder = temporaryFolder();
    const { code, stdout } = await grapes(folder, 'gen', '--preset', 'rnn', '--samples', '2');
    expect(code).toBe(0);
    expect(stdout).toMatch(/Next: grapes-hw verify rnn/);
    expect(readFileSync(join(folder, 'rtl-out/rnn/filelist.f'), 'utf8')).toMatch(/grapes_time\.sv\nrnn_core\.sv/);
  });

  test('gen refuses a core without a hidden layer, with a way on', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'flat.json'), JSON.stringify({ name: 'flat', layers: [9, 3], steps: 2, cell: [] }));
    const { code, stderr } = await grapes(folder, 'gen', '--config', 'flat.json', '--samples', '2');
    expect(stderr).toMatch(/layers: a network in time needs a hidden layer.*--only golden/);
    expect(code).toBe(2);
  });
});
