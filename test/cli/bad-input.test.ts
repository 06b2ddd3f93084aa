import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { temporaryFolder } from '../helpers/folder.js';
import { grapes, type Outcome, start } from './grapes.js';

const TINY = ['--preset', 'tiny', '--samples', '6'] as const;

/** One clear message, exit code 2, no stack. */
const expectRefusal = ({ code, stdout, stderr }: Outcome, ...texts: (string | RegExp)[]): void => {
  expect(stdout).toBe('');
  expect(stderr).toMatch(/^error: /);
  expect(stderr).not.toMatch(/^\s+at .*:\d+/m);
  for (const text of texts) expect(stderr).toMatch(text);
  expect(code).toBe(2);
};

let folder: string;
beforeEach(() => {
  folder = temporaryFolder();
});

describe('flags', () => {
  test.each([
    [['gen', '--bits', '3'], /bits: is 3, must be .*4\.\.16/],
    [['gen', '--bits', 'eight'], /--bits.*whole number/],
    [['gen', '--layers', '784,0,10'], /layers\[1\]: is 0/],
    [['gen', '--layers', '784;10'], /--layers.*whole numbers with commas/],
    [['gen', '--lanes', '0'], /lanes: is 0/],
    [['gen', '--seed', '-1'], /seed: is -1/],
    [['gen', '--name', 'Has-Dash'], /name: is "Has-Dash"/],
    [['gen', '--name', 'grapes_lane'], /name: is "grapes_lane", must be neither grapes nor begin with grapes_/],
    [['gen', '--name', 'grapes'], /name: is "grapes", must be neither/],
    [['gen', '--preset', 'tiny', '--out', 'same', '--golden', 'same'], /--out and --golden lead to the same place/],
    [['gen', '--preset', 'tiny', '--out', 'a', '--golden', 'a/tiny'], /--out and --golden lead to the same place/],
    [['gen', '--preset', 'tiny', '--out', 'b/tiny/x', '--golden', 'b'], /--out and --golden lead to the same place/],
    [['gen', '--samples', '60001'], /samples: is 60001, must be at most 60000/],
    [['gen', '--samples', '5', '--trace', '6'], /trace: is 6, must be .*0\.\.5/],
    [['gen', '--preset', 'huge'], /--preset.*mnist, mnist-small, deep, tiny/],
    [['gen', '--config', 'none.json'], /none\.json: does not exist/],
    [['train', '--data', 'my.csv', '--layers', '4,3'], /a file has its kind before it, such as csv:my\.csv/],
    [['data', 'my.xlsx'], /my\.xlsx: is a workbook, must be CSV; save its sheet as CSV/],
    [['data', 'my.bin'], /my\.bin: does not show by its name whether it is CSV/],
    [['verify', '--sim', 'modelsim'], /--sim.*verilator, icarus, all/],
    [['verify'], /rtl-out; it holds no design; `grapes-hw gen` makes one/],
    [['verify', 'nothing'], /rtl-out\/nothing is not there/],
    [['verify', '--epochs', '1000000'], /--epochs.*whole number, 1 to 100000/],
    [['train', '--epochs', '0'], /--epochs.*whole number, 1 to/],
    [['report', 'area', '--device', '25k'], /--device: goes with --target ecp5 only/],
    [['report', 'area', '--target', 'ecp5', '--speed', '9'], /--speed.*6 to 8/],
    [['frobnicate'], /unknown command/],
    [['gen', '--frobnicate'], /unknown option/],
  ])('%j', async (parameters, message) => {
    expectRefusal(await grapes(folder, ...parameters), message);
    expect(readdirSync(folder)).toEqual([]);
  });
});

describe('configuration files', () => {
  const BASE = { name: 'mine', layers: [4, 3, 2], data: 'synthetic' };

  test.each([
    ['an unknown field', { ...BASE, colour: 'red' }, /mine\.json: .*colour/],
    ['a wrong type', { ...BASE, layers: '4-3-2' }, /mine\.json: layers/],
    ['an illegal shift', { ...BASE, learningRateShift: 40 }, /mine\.json: learningRateShift/],
    [
      'an illegal update shift',
      { ...BASE, frac: { error: [-16, 7] } },
      /mine\.json: frac\.error\[0\]: update shift is -?\d+/,
    ],
    ['a list', [1, 2], /mine\.json: .*object/],
    ['no layers', { name: 'mine' }, /mine\.json: layers/],
    ['a data set that does not fit', { ...BASE, data: 'mnist' }, /784/],
    [
      'a mode that only the model has',
      { ...BASE, grapes: { mode: 'uniform' } },
      /grapes\.mode: uniform exists in the model only.*propagating, local and off/,
    ],
    [
      'feedback that only the model has',
      { ...BASE, feedback: 'dfa' },
      /feedback: dfa exists in the model only; the core has bp/,
    ],
  ])('%s', async (_, config, message) => {
    writeFileSync(join(folder, 'mine.json'), JSON.stringify(config));
    expectRefusal(await grapes(folder, 'gen', '--config', 'mine.json', '--samples', '3'), message);
    expect(readdirSync(folder)).toEqual(['mine.json']);
  });

  test.each([
    ['a word', '{ "name": mine }', 'is not JSON (invalid symbol) at line 1, column 11'],
    [
      'an end',
      '{\n  // mine\n  "name": "mine",\n  "layers": [3, 2]\n',
      'is not JSON (close brace expected) at line 5, column 1',
    ],
    ['nothing', '', 'is not JSON (value expected) at line 1, column 1'],
    ['a comment without an end', '{\n  /* mine\n', 'is not JSON (unexpected end of comment) at line 2, column 3'],
    ['no comma', '{ "layers": [3, 2]\n  "name": "mine" }', 'is not JSON (comma expected) at line 2, column 3'],
    ['a field twice', '{ "layers": [3, 2],\n "bits": 8,\n "bits": 6 }', 'gives "bits" twice at line 3, column 2'],
    ['UTF-16', '\uFEFF{ "layers": [3, 2] }', 'is UTF-16 text; save it in UTF-8', 'utf16le'],
    ['UTF-16 without a mark', '{ "layers": [3, 2] }', 'is UTF-16 text; save it in UTF-8', 'utf16le'],
    ['no end of nesting', '['.repeat(300_000), 'is nested too deeply at line 1, column 22'],
  ] as const)('no JSON: %s', async (_, text, message, encoding: BufferEncoding = 'utf8') => {
    writeFileSync(join(folder, 'mine.json'), text, encoding);
    expectRefusal(await grapes(folder, 'gen', '--config', 'mine.json'), `mine.json: ${message}`);
  });
});

describe('output folders', () => {
  test.each([
    ['rtl-out', '--out'],
    ['golden', '--golden'],
  ])('%s that holds other files is left as it is', async (place, option) => {
    mkdirSync(join(folder, place, 'tiny'), { recursive: true });
    writeFileSync(join(folder, place, 'tiny', 'thesis.tex'), 'mine');
    expectRefusal(await grapes(folder, 'gen', ...TINY), 'thesis.tex', option);
    expect(readdirSync(folder)).toEqual([place]);
    expect(readdirSync(join(folder, place))).toEqual(['tiny']);
    expect(readdirSync(join(folder, place, 'tiny'))).toEqual(['thesis.tex']);
  });

  test('a file where the folder should be', async () => {
    mkdirSync(join(folder, 'rtl-out'));
    writeFileSync(join(folder, 'rtl-out/tiny'), '');
    expectRefusal(await grapes(folder, 'gen', ...TINY), 'rtl-out/tiny is not a folder');
  });

  test('a file where the folder above should be', async () => {
    writeFileSync(join(folder, 'rtl-out'), '');
    expectRefusal(await grapes(folder, 'gen', ...TINY), 'rtl-out');
    expect(readdirSync(folder)).toEqual(['rtl-out']);
  });

  describe('of another configuration', () => {
    const contents = (): string[] => [
      readFileSync(join(folder, 'rtl-out/tiny/config.json'), 'utf8'),
      readFileSync(join(folder, 'golden/tiny/manifest.json'), 'utf8'),
    ];
    beforeEach(async () => {
      expect(await grapes(folder, 'gen', ...TINY)).toMatchObject({ code: 0 });
    });

    test.each([
      [
        ['--seed', '5'],
        /rtl-out\/tiny holds another configuration: seed is 1 there, 5 here; choose another name with --name/,
      ],
      [['--lanes', '3'], /rtl-out\/tiny holds another configuration: lanes is 4 there, 3 here/],
      [
        ['--only', 'golden', '--bits', '7'],
        /golden\/tiny holds .*bits is .*; choose .* --golden, or replace it with --force/,
      ],
    ])('stay as they are: %j', async (parameters, message) => {
      const before = contents();
      expectRefusal(await grapes(folder, 'gen', ...TINY, ...parameters), message);
      expect(contents()).toEqual(before);
      expect(readdirSync(folder).sort()).toEqual(['golden', 'rtl-out']);
      expect(readdirSync(join(folder, 'golden'))).toEqual(['tiny']);
      expect(await grapes(folder, 'gen', ...TINY, ...parameters, '--force')).toMatchObject({ code: 0 });
      expect(contents()).not.toEqual(before);
    });

    test('more samples, or vectors of other lanes, are no other configuration', async () => {
      expect(await grapes(folder, 'gen', ...TINY, '--samples', '4')).toMatchObject({ code: 0 });
      expect(await grapes(folder, 'gen', ...TINY, '--lanes', '3', '--only', 'golden')).toMatchObject({ code: 0 });
    });

    test('one that can’t be read is another', async () => {
      writeFileSync(join(folder, 'rtl-out/tiny/config.json'), '{}');
      expectRefusal(await grapes(folder, 'gen', ...TINY), /the configuration there can't be read/);
    });
  });

  test('Ctrl-C leaves what was there and nothing else', async () => {
    await grapes(folder, 'gen', '--preset', 'mnist-small', '--samples', '3');
    const before = readFileSync(join(folder, 'golden/mnist_small/manifest.json'), 'utf8');
    const running = start(folder, ['gen', '--preset', 'mnist-small', '--samples', '60000']);
    const begun = (): boolean => readdirSync(join(folder, 'golden')).some((name) => name.startsWith('.'));
    for (let n = 0; n < 500 && !begun(); n++) await new Promise((resume) => setTimeout(resume, 20));
    expect(begun()).toBe(true);
    running.kill('SIGINT');
    const { code, stderr } = await running.outcome;
    expect(code).toBe(2);
    expect(stderr).toMatch(/^error: interrupted \(SIGINT\); nothing half-written is left, run it again\n$/m);
    expect(stderr).not.toMatch(/^\s+at /m);
    expect(readdirSync(join(folder, 'golden'))).toEqual(['mnist_small']);
    expect(readdirSync(join(folder, 'rtl-out'))).toEqual(['mnist_small']);
    expect(readFileSync(join(folder, 'golden/mnist_small/manifest.json'), 'utf8')).toBe(before);
  });
});

describe('golden directories', () => {
  beforeEach(async () => {
    expect(await grapes(folder, 'gen', ...TINY)).toMatchObject({ code: 0 });
  });
  const verify = (): Promise<Outcome> => grapes(folder, 'verify', '--sim', 'icarus');

  test('a value that was changed', async () => {
    const file = join(folder, 'golden/tiny/weight1_init.mem');
    writeFileSync(
      file,
      readFileSync(file, 'utf8').replace(/^../, (value) => (value === '01' ? '02' : '01')),
    );
    expectRefusal(await verify(), /golden\/tiny\/weight1_init\.mem: its sha256 is/);
  });

  test('a file that is cut short', async () => {
    truncateSync(join(folder, 'golden/tiny/logit.mem'), 25);
    expectRefusal(await verify(), /golden\/tiny\/logit\.mem: /);
  });

  test('a line that is no value', async () => {
    appendFileSync(join(folder, 'golden/tiny/digest.mem'), 'hello\n');
    expectRefusal(await verify(), /golden\/tiny\/digest\.mem: /);
  });

  test('vectors of another configuration', async () => {
    await grapes(folder, 'gen', ...TINY, '--seed', '5', '--only', 'golden', '--force');
    expectRefusal(
      await verify(),
      /golden\/tiny does not belong to rtl-out\/tiny: seed is 1 in the RTL, 5 in the vectors/,
    );
  });

  test('the vectors of other lanes fit', async () => {
    await grapes(folder, 'gen', ...TINY, '--lanes', '3', '--only', 'golden');
    expect(await grapes(folder, 'verify', '--sim', 'icarus', '--no-lint')).toMatchObject({ code: 0 });
  });

  test('more samples than there are', async () => {
    expectRefusal(await grapes(folder, 'verify', '--samples', '7'), /--samples: is 7, must be 1\.\.6/);
  });

  test('no vectors', async () => {
    const outcome = await grapes(folder, 'verify', 'tiny', '--golden', 'elsewhere');
    expectRefusal(outcome, 'elsewhere/tiny is not there');
  });

  test('two designs and no name', async () => {
    await grapes(folder, 'gen', ...TINY, '--name', 'other');
    expectRefusal(await grapes(folder, 'verify'), /name the design.*other, tiny/);
  });

  test('a simulator that is not installed has an exit code of its own', async () => {
    const { code, stderr } = await start(folder, ['verify', '--sim', 'verilator'], { PATH: '/nowhere' }).outcome;
    expect(stderr).toMatch(/^error: not installed: verilator.*apt-get install --no-install-recommends verilator/);
    expect(code).toBe(3);
    expect(existsSync(join(folder, 'build'))).toBe(false);
  });
});
