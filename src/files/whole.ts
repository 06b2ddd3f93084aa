import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { asUserError } from '../fx/error.js';

const flush = (path: string): void => {
  const fd = openSync(path, 'r');
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
};

/**
 * Writes a file whole or not at all, also if the power goes: a file beside it, flushed to the disk, then renamed.
 * @throws UserError for a folder that can't be written, a full disk
 */
export const writeWhole = (file: string, content: string | Uint8Array): void => {
  const temporary = `${file}.tmp`;
  const bytes = typeof content === 'string' ? Buffer.from(content) : content;
  try {
    const fd = openSync(temporary, 'w');
    try {
      for (let done = 0; done < bytes.length; ) done += writeSync(fd, bytes, done);
      fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
    renameSync(temporary, file);
    flush(dirname(file));
  } catch (error) {
    rmSync(temporary, { force: true });
    throw asUserError(error, file);
  }
};
