/** Packs grapes-hw, installs it in a separate project, and uses it there as a library with types and as a command. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type Counts, writeResults } from './results.js';

const CONSUMER = `
import { emit, Network, type Plan, parseConfig, plan, UserError } from 'grapes-hw';

const design: Plan = plan(parseConfig({ name: 'small', layers: [6, 5, 3], bits: 8, lanes: 2 }));
const network = new Network(design);
const features = Uint8Array.from([255, 0, 128, 64, 0, 200]);
const prediction: number = network.step(network.quantise(features), 1).prediction;
if (prediction < 0 || prediction > 2) throw new Error('prediction out of range');
if (network.engine !== 'wasm') throw new Error('the package lacks its compiled kernels');

const files: ReadonlyMap<string, string> = emit(design);
for (const path of ['small_core.sv', 'small_pkg.sv', 'filelist.f', 'tb/small_tb.sv'])
  if (!files.get(path)) throw new Error(path + ' is missing');

try {
  parseConfig({ name: 'small', layers: [6, 0], lanes: 2 });
  throw new Error('a layer of 0 was accepted');
} catch (error) {
  if (!(error instanceof UserError) || !error.message.includes('layers')) throw error;
}
`;

const PROJECT = { name: 'consumer', private: true, type: 'module' };
const COMPILER = {
  compilerOptions: {
    target: 'ES2022',
    module: 'NodeNext',
    strict: true,
    skipLibCheck: false,
    types: ['node'],
    outDir: 'out',
  },
  files: ['use.ts'],
};

const root = process.cwd();
const folder = mkdtempSync(join(tmpdir(), 'grapes-package-'));

const run = (what: string, cwd: string, program: string, ...parameters: string[]): string => {
  const { status, stdout, stderr } = spawnSync(program, parameters, { cwd, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${what}: exit code ${status}\n${stdout}${stderr}`);
  console.log(`package: ${what}`);
  return stdout;
};

const local = (name: string): string => resolve(root, 'node_modules', '.bin', name);

const tryPackage = (): void => {
  const packed = run('packs', root, 'npm', 'pack', '--json', '--ignore-scripts', '--pack-destination', folder);
  const [{ filename }] = JSON.parse(packed);
  const project = join(folder, 'consumer');
  mkdirSync(project);
  writeFileSync(join(project, 'package.json'), JSON.stringify(PROJECT));
  writeFileSync(join(project, 'tsconfig.json'), JSON.stringify(COMPILER));
  writeFileSync(join(project, 'use.ts'), CONSUMER);
  const quiet = ['--prefer-offline', '--no-audit', '--no-fund'];
  run('installs elsewhere', project, 'npm', 'install', ...quiet, join(folder, filename));
  const types = ['--typeRoots', resolve(root, 'node_modules', '@types')];
  run('its types hold', project, local('tsc'), '-p', '.', ...types);
  run('works as a library', project, 'node', join('out', 'use.js'));
  const grapes = join('node_modules', '.bin', 'grapes-hw');
  run('works as a command', project, grapes, '--version');
  run('generates a core and vectors', project, grapes, 'gen', '--preset', 'tiny', '--samples', '5');
  run('verifies it', project, grapes, 'verify', '--sim', 'icarus');
};

let counts: Counts = { passed: 1, failed: 0 };
try {
  tryPackage();
} catch (error) {
  console.log(`package: FAIL ${error instanceof Error ? error.message : error}`);
  counts = { passed: 0, failed: 1 };
} finally {
  rmSync(folder, { recursive: true, force: true });
}
writeResults('package', counts);
process.exitCode = counts.failed;
