import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import {
  EnvironmentFault,
  environmentFault,
  plainFolder,
  requireTemporary,
  workFolder,
} from '../../src/tools/index.js';
import { temporaryFolder } from '../helpers/folder.js';

afterEach(() => {
  vi.unstubAllEnvs();
});

describe('what a program says before it fails', () => {
  test.each([
    ['fatal error: error writing to x.o: No space left on device', /disk is full/],
    ['File size limit exceeded', /ulimit -f/],
    ['cc1plus: out of memory\nvirtual memory exhausted: Cannot allocate memory', /not enough memory/],
    ['g++: fatal error: Killed signal terminated program cc1plus', /not enough memory/],
    ["g++: fatal error: cannot execute 'cc1plus': execvp: No such file or directory", /not installed/],
    ['sh: 1: perl: not found', /not installed/],
    ['make: vfork: Resource temporarily unavailable', /too many processes/],
  ])('%s', (output, reason) => {
    expect(environmentFault(output, '.')).toMatch(reason);
  });

  test.each([
    'tiny_core.sv:12: syntax error',
    "%Error: tiny_core.sv:12: Can't find definition of variable: 'x'",
    'ERROR: Module `\\x referenced in module `\\y is not part of the design.',
    '',
  ])('of a design is no fault of the machine: %s', (output) => {
    expect(environmentFault(output, '.')).toBeNull();
  });
});

describe('folders', () => {
  test('for temporary files must be there', () => {
    vi.stubEnv('TMPDIR', '/nowhere');
    expect(requireTemporary).toThrow(EnvironmentFault);
    expect(() => workFolder()).toThrow('/nowhere, does not exist; set TMPDIR to one that can be written');
  });

  test('to build in have plain paths, whatever leads to them', () => {
    const root = temporaryFolder();
    const strange = join(root, 'mein prö jekt');
    mkdirSync(strange);
    symlinkSync(strange, join(root, 'link'));
    expect(plainFolder(root)).toBe(root);
    for (const folder of [strange, join(root, 'link'), join(root, 'nowhere')])
      expect(plainFolder(folder)).not.toContain(folder);
  });
});
