import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../src/config/index.js';
import { plan } from '../../src/datapath/plan.js';
import { emit } from '../../src/rtl/index.js';
import { moduleBenches } from '../../src/vectors/index.js';
import { temporaryFolder } from '../helpers/folder.js';
import { compileBench, isDone, missingIcarus, runBench, writeDesign } from './icarus.js';

/** Modules of a dense core, and those that only networks in time have. */
const designs = [{ layers: [3, 2] }, { layers: [3, 2, 2], steps: 2, cell: 'snu' as const }].map((fields) =>
  emit(plan(parseConfig({ name: 'some', lanes: 1, data: 'synthetic', ...fields }))),
);

describe.skipIf(missingIcarus)(`testbenches of small modules ${missingIcarus ?? ''}`, () => {
  for (const { module, vectors } of moduleBenches()) {
    it(`${module} passes all of its vectors, and fails when one expects something else`, async () => {
      const dir = temporaryFolder();
      const design = designs.find((files) => files.has(`${module}.sv`));
      if (design === undefined) throw new Error(`no design has ${module}`);
      writeDesign(design, dir);
      const top = `${module}_tb`;
      const rtl = readdirSync(dir).filter((file) => /^grapes_.*\.sv$/.test(file));
      const complaints = await compileBench(dir, top, [...rtl, 'tb/grapes_bench.sv'], 'bench.vvp');
      expect(complaints).toBe('');
      const passed = await runBench(dir, 'bench.vvp');
      const count = vectors.split('\n').length - 1;
      expect(passed).toContain(`GRAPES DONE samples=${count} compared=${count} mismatches=0`);

      const file = join(dir, 'tb', 'vectors', `${module}.mem`);
      const lines = readFileSync(file, 'utf8').split('\n');
      const last = lines.length - 2;
      const fields = lines[last].split(' ');
      const [result] = fields.splice(-1);
      writeFileSync(
        file,
        [...lines.slice(0, last), `${fields.join(' ')} ${result === '0' ? '1' : '0'}`, ''].join('\n'),
      );
      const failed = await runBench(dir, 'bench.vvp');
      expect(failed.join('\n')).toMatch(new RegExp(`MISMATCH kind=${module} sample=${last} `));
      expect(isDone(failed)).toBe(false);
    });
  }
});
