import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeFolders } from '../../src/fx/folder.js';
import { temporaryFolder } from '../helpers/folder.js';

describe('making folders', () => {
  it('makes what is missing of the way, and says where it began', () => {
    const base = temporaryFolder();
    expect(makeFolders(join(base, 'a', 'b', 'c'))).toBe(join(base, 'a'));
    expect(existsSync(join(base, 'a', 'b', 'c'))).toBe(true);
    expect(makeFolders(join(base, 'a', 'b', 'c'))).toBeUndefined();
    mkdirSync(join(base, 'd'));
    expect(makeFolders(join(base, 'd', 'e'))).toBe(join(base, 'd', 'e'));
  });

  it('throws what the file system says', () => {
    const base = temporaryFolder();
    writeFileSync(join(base, 'file'), '');
    expect(() => makeFolders(join(base, 'file'))).toThrow('EEXIST');
    expect(() => makeFolders(join(base, 'file', 'a', 'b'))).toThrow('ENOTDIR');
  });

  it.runIf(existsSync('/proc/self'))('ends where no folder can be made', () => {
    expect(() => makeFolders('/proc/nope/deeper')).toThrow('ENOENT');
  });
});
