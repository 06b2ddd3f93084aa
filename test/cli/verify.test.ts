import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { temporaryFolder } from '../helpers/folder.js';
import { grapes } from './grapes.js';

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

  test('fails on a lint complaint alone', async () => {
    edit('tiny_core.sv', /\nendmodule/, '\n  wire nobody_reads_this = clk_i;\nendmodule');
    const { code, stdout } = await grapes(folder, 'verify', 'tiny', '--sim', 'icarus');
    expect(stdout).toMatch(/FAIL {2}lint: Verilator -Wall\n.*UNUSED/);
    expect(stdout).toMatch(/pass {2}Icarus/);
    expect(code).toBe(1);
  });
});
