/** Everything that must hold, stage by stage; all stages run, the last line is the total. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Counts, clearResults, readResults } from './results.js';

interface Stage {
  readonly name: string;
  readonly command: readonly string[];
}

const bin = (name: string): string => join('node_modules', '.bin', name);
const script = (name: string, ...parameters: string[]): string[] => [bin('tsx'), `scripts/${name}.ts`, ...parameters];

const UNIT_JSON = join('build', 'vitest.json');

const STAGES: readonly Stage[] = [
  { name: 'lint', command: ['make', 'lint'] },
  { name: 'build', command: ['make', 'build'] },
  {
    name: 'unit',
    command: [bin('vitest'), 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${UNIT_JSON}`],
  },
  { name: 'check', command: ['make', 'check'] },
  { name: 'cosim', command: script('cosim') },
  { name: 'package', command: script('package') },
  { name: 'experiments', command: script('experiments') },
  { name: 'formal', command: script('formal', '--quick') },
  { name: 'netlist', command: script('netlist') },
  { name: 'fuzz', command: script('fuzz', '--count', '40') },
  { name: 'mutants', command: script('mutants', '--quick') },
];

/** What vitest counted: tests, and files that did not even load. */
const unitResults = (): Counts | null => {
  if (!existsSync(UNIT_JSON)) return null;
  const { numPassedTests, numFailedTests, numFailedTestSuites } = JSON.parse(readFileSync(UNIT_JSON, 'utf8'));
  return { passed: numPassedTests, failed: Math.max(numFailedTests, numFailedTestSuites > 0 ? 1 : 0) };
};

const run = ({ name, command: [program, ...parameters] }: Stage): Counts & { seconds: number } => {
  console.log(`\n==== ${name}: ${[program, ...parameters].join(' ')}`);
  const start = performance.now();
  const { status } = spawnSync(program, parameters, { stdio: 'inherit' });
  const seconds = (performance.now() - start) / 1000;
  const counts = (name === 'unit' ? unitResults() : readResults(name)) ?? { passed: status === 0 ? 1 : 0, failed: 0 };
  return { ...counts, failed: status === 0 ? counts.failed : Math.max(1, counts.failed), seconds };
};

const chosen = process.argv.slice(2);
const stages = STAGES.filter(({ name }) => chosen.length === 0 || chosen.includes(name));
clearResults();
mkdirSync('build', { recursive: true });
const results = stages.map((stage) => ({ name: stage.name, ...run(stage) }));

console.log('');
for (const { name, passed, failed, seconds } of results)
  console.log(
    `${name.padEnd(12)} ${String(passed).padStart(5)} ok ${String(failed).padStart(3)} not ok  ${seconds.toFixed(0).padStart(4)} s`,
  );
const total = (of: 'passed' | 'failed'): number => results.reduce((sum, result) => sum + result[of], 0);
console.log(`${total('passed')} passed, ${total('failed')} failed`);
process.exitCode = total('failed') > 0 ? 1 : 0;
