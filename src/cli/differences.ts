import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { filesOf } from '../files/index.js';
import { isThere } from '../fx/folder.js';

const lineOf = (there: Buffer, fresh: Buffer): number => {
  let line = 1;
  for (let at = 0; there[at] === fresh[at] && at < there.length; at++) if (there[at] === 10) line++;
  return line;
};

/** One sentence for each file of two folders that differs, is missing in `there`, or is there only. */
export const differences = (there: string, fresh: string): string[] => {
  const files = { there: isThere(there) ? filesOf(there) : [], fresh: filesOf(fresh) };
  const names = [...new Set([...files.there, ...files.fresh])].sort();
  return names.flatMap((name) => {
    const file = join(there, name);
    if (!files.there.includes(name)) return [`${file} is missing`];
    if (!files.fresh.includes(name)) return [`${file} is not written any more`];
    const bytes = { there: readFileSync(file), fresh: readFileSync(join(fresh, name)) };
    return bytes.there.equals(bytes.fresh) ? [] : [`${file} differs from line ${lineOf(bytes.there, bytes.fresh)} on`];
  });
};
