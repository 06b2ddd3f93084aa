import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

const FOLDER = join('kernels', 'integer');
const BUILT = join('kernels', 'integer.wasm');

const changed = (file: string): number => statSync(file).mtimeMs;

const isCurrent = (): boolean =>
  existsSync(BUILT) && readdirSync(FOLDER).every((name) => changed(join(FOLDER, name)) <= changed(BUILT));

/** Before any test: the compiled kernels are those of the sources. */
export default (): void => {
  if (isCurrent()) return;
  const { status } = spawnSync('npm', ['run', '--silent', 'kernels'], { stdio: 'inherit' });
  if (status !== 0) throw new Error('the kernels did not compile');
};
