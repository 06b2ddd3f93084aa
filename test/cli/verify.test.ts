import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { temporaryFolder } from '../helpers/folder.js';
import { grapes, start } from './grapes.js';

let folder: string;
beforeEach(async () => {
  folder = temporaryFolder();
  const { code } = await grapes(folder, 'gen', '--preset', 'tiny', '--samples', '6');
  expect(code).toBe(0);
});

const edit = (file: string, from: string | RegExp, to: string): void => {
  const path = join(folder, 'rtl-out/tiny', file);
  const text = readFileSync(path, 'utf8');
  expect(text).toMatch(from);
  writeFileSync(path, text.replace(from, to));
};

const ICARUS = ['verify', 'tiny', '--sim', 'icarus', '--no-lint'] as const;

describe('verify', () => {
  test('works where the path of a project has blanks and letters beyond ASCII', async () => {
    const project = join(folder, 'mein prö jekt 日本');
    mkdirSync(project);
    expect((await grapes(project, 'gen', '--preset', 'tiny', '--samples', '3')).code).toBe(0);
    const { code, stdout } = await grapes(project, 'verify', '--no-lint', '--wave', 'Wellenzüge 1.vcd');
    expect(stdout).toMatch(/pass {2}Verilator/);
    expect(stdout).toMatch(/pass {2}Icarus/);
    expect(code).toBe(0);
    expect(readdirSync(project)).toEqual(expect.arrayContaining(['Wellenzüge 1-icarus.vcd']));
    for (const simulator of ['icarus', 'verilator'])
      expect(readFileSync(join(project, `Wellenzüge 1-${simulator}.vcd`), 'utf8')).toContain('$enddefinitions');
  });

  test.each([
    ['TMPDIR', { TMPDIR: '/nowhere' }, /folder for temporary files, \/nowhere, does not exist; set TMPDIR to one/],
    ['TMPDIR', { TMPDIR: '/etc/passwd' }, /\/etc\/passwd, is not a folder; set TMPDIR/],
  ])('says what is wrong with the environment: %s', async (_, env, message) => {
    const { code, stdout, stderr } = await start(folder, ['verify', '--sim', 'icarus'], env).outcome;
    expect(stdout).toBe('');
    expect(stderr).toMatch(message);
    expect(code).toBe(2);
  });

  test.each([
    ['no HOME', { HOME: '' }],
    ['a folder of ccache that is none', { CCACHE_DIR: '/etc/passwd' }],
    ['a folder of ccache that can’t be made', { CCACHE_DIR: '/proc/nowhere' }],
  ])('builds with %s', async (_, env) => {
    const { code, stdout } = await start(folder, ['verify', '--sim', 'verilator', '--no-lint'], env).outcome;
    expect(stdout).toMatch(/^tiny: exact\./m);
    expect(code).toBe(0);
  });

  test('a run in which no weight changes is not called exact', async () => {
    const still = { name: 'still', layers: [4, 3, 2], data: 'synthetic', rounding: 'nearest', learningRateShift: 20 };
    writeFileSync(join(folder, 'still.json'), JSON.stringify(still));
    expect((await grapes(folder, 'gen', '--config', 'still.json', '--samples', '3')).code).toBe(0);
    const parameters = ['verify', 'still', '--sim', 'icarus', '--no-lint'];
    const { code, stdout } = await grapes(folder, ...parameters);
    expect(stdout).toMatch(/^still: NOT verified: no weight changes in these samples/m);
    expect(code).toBe(2);
    expect(JSON.parse((await grapes(folder, ...parameters, '--json')).stdout)).toMatchObject({
      ok: false,
      learned: false,
    });
  });

  test('a core that does not compile is no value that differs', async () => {
    edit('tiny_core.sv', /\nendmodule/, '\n  nonsense\nendmodule');
    const { code, stdout } = await grapes(folder, ...ICARUS);
    expect(stdout).toMatch(/Icarus does not compile tiny_tb:\n.*tiny_core\.sv/s);
    expect(code).toBe(2);
  });
  test('passes where every value was compared and equal', async () => {
    const { code, stdout } = await grapes(folder, 'verify', 'tiny', '--sim', 'icarus');
    expect(stdout).toMatch(/^tiny: exact\. [\d,]+ values compared on Icarus Verilog, 0 mismatches$/m);
    expect(stdout.match(/^pass {2}lint/gm)).toHaveLength(3);
    expect(code).toBe(0);
  });

  test('--json gives every count', async () => {
    const { stdout } = await grapes(folder, ...ICARUS, '--json');
    const { ok, runs } = JSON.parse(stdout);
    expect(ok).toBe(true);
    const kinds = Object.fromEntries(runs[0].verdict.kinds.map((kind: { kind: string }) => [kind.kind, kind]));
    expect(kinds.weight).toEqual({ kind: 'weight', expected: 523, compared: 523, mismatches: 0 });
    expect(kinds.digest).toEqual({ kind: 'digest', expected: 6, compared: 6, mismatches: 0 });
  });

  test('shows the first difference of a core with a fault, and the way to its waveform', async () => {
    edit('grapes_xorshift.sv', '<< 13', '<< 12');
    const { code, stdout } = await grapes(folder, ...ICARUS);
    expect(code).toBe(1);
    expect(stdout).toMatch(
      /first difference:\n +sample +0\n +phase +update, weight written\n +layer +\d\n +row +\d+\n +column +\d+\n +expected +-?\d+ = 0x[0-9a-f]+ = -?[\d.]+\n +actual +-?\d+ = 0x[0-9a-f]+ = -?[\d.]+\n +cycle +\d+\n/,
    );
    const command = /waveform +grapes-hw (verify .*) ; gtkwave tiny\.vcd tiny\.gtkw/.exec(stdout)?.[1];
    expect(command).toBe('verify tiny --sim icarus --samples 1 --no-lint --wave tiny.vcd');
    expect((await grapes(folder, ...String(command).split(' '))).code).toBe(1);
    expect(existsSync(join(folder, 'tiny.vcd'))).toBe(true);
    expect(readFileSync(join(folder, 'tiny.gtkw'), 'utf8')).toContain('[timestart]');
  });

  test('fails on a lint complaint alone, which is no value that differs', async () => {
    edit('tiny_core.sv', /\nendmodule/, '\n  wire nobody_reads_this = clk_i;\nendmodule');
    const { code, stdout } = await grapes(folder, 'verify', 'tiny', '--sim', 'icarus');
    expect(stdout).toMatch(/FAIL {2}lint: Verilator -Wall\n.*UNUSED/);
    expect(stdout).toMatch(/pass {2}Icarus/);
    expect(code).toBe(2);
  });
});
