import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Bench, Design } from './design.js';

/**
 * How many values of its one kind, named like the module, a small module's testbench must have compared: one for each
 * line of its vectors, `tb/vectors/<module>.mem`. At least one must be, so a missing file is no pass.
 */
export const moduleCounts = (design: Design, bench: Bench): Readonly<Record<string, number>> => {
  const module = bench.top.replace(/_tb$/, '');
  const file = join(design.dir, 'tb', 'vectors', `${module}.mem`);
  const lines = existsSync(file) ? readFileSync(file, 'latin1').split('\n') : [];
  return { [module]: Math.max(1, lines.filter((line) => /^[0-9a-f]/.test(line)).length) };
};
