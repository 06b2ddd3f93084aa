import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { asUserError, UserError } from '../../src/fx/error.js';

const caught = (action: () => unknown): unknown => {
  try {
    return action();
  } catch (error) {
    return error;
  }
};

describe('UserError', () => {
  it('exits with 2 unless told otherwise', () => {
    expect(new UserError('lanes: is 0').code).toBe(2);
    expect(new UserError('verilator: is missing', { exit: 3, field: 'verilator' })).toMatchObject({
      code: 3,
      field: 'verilator',
    });
  });
});

describe('asUserError', () => {
  it('says what is wrong with the file', () => {
    const file = join(mkdtempSync(join(tmpdir(), 'grapes-')), 'missing.json');
    const error = asUserError(
      caught(() => readFileSync(file)),
      file,
    );
    expect(error).toBeInstanceOf(UserError);
    expect(error).toMatchObject({ message: `${file}: does not exist; check the path`, field: file });
  });

  it('knows a full disk', () => {
    const full = Object.assign(new Error('ENOSPC'), { code: 'ENOSPC' });
    expect(asUserError(full, 'golden/tiny')).toMatchObject({
      message: 'golden/tiny: the disk is full; free some space and run again',
    });
  });

  it('leaves mistakes of the program alone', () => {
    const bug = new TypeError('undefined is not a function');
    expect(asUserError(bug, 'x')).toBe(bug);
  });
});
