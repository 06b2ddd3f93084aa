/** Compiles kernels/float.ts to src/float/wasm.ts; with --check, only says whether that is up to date. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const SOURCE = join('kernels', 'float.ts');
const TARGET = join('src', 'float', 'wasm.ts');
const OPTIONS = ['-O3', '--noAssert', '--runtime', 'stub', '--importMemory', '--enable', 'simd'];

const folder = mkdtempSync(join(tmpdir(), 'grapes-kernels-'));
const file = join(folder, 'float.wasm');
const { status } = spawnSync(join('node_modules', '.bin', 'asc'), [SOURCE, ...OPTIONS, '-o', file], {
  stdio: 'inherit',
});
if (status !== 0) process.exit(status ?? 1);
const binary = readFileSync(file).toString('base64');
rmSync(folder, { recursive: true });
const text = `/** Compiled from ${SOURCE} by scripts/float-kernels.ts, in base64. */
export const WASM =
  '${binary}';
`;
if (!process.argv.includes('--check')) writeFileSync(TARGET, text);
else if (readFileSync(TARGET, 'utf8') !== text) {
  console.error(`${TARGET} is not what ${SOURCE} compiles to; run npx tsx scripts/float-kernels.ts`);
  process.exit(1);
}
