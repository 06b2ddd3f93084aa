/** Everything that must hold, stage by stage; all stages run, the last line is the total. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { z } from 'zod';
import { type Counts, clearResults, RESULTS, readResults } from './results.js';

interface Stage {
  readonly name: string;
  readonly command: readonly string[];
}

const bin = (name: string): string => join('node_modules', '.bin', name);
const script = (name: string, ...parameters: string[]): string[] => [bin('tsx'), `scripts/${name}.ts`, ...parameters];

const UNIT_JSON = join(RESULTS, 'vitest.json');

const STAGES: readonly Stage[] = [
  { name: 'lint', command: ['make', 'lint'] },
  { name: 'build', command: ['make', 'build'] },
  {
    name: 'unit',
    command: [
      bin('vitest'),
      'run',
      '--retry=1',
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${UNIT_JSON}`,
    ],
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

const FAILURE_LINES = 12;

const vitestReport = z.object({
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  testResults: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      message: z.string(),
      assertionResults: z.array(
        z.object({ status: z.string(), fullName: z.string(), failureMessages: z.array(z.string()) }),
      ),
    }),
  ),
});

/**
 * What vitest counted: tests, and files that did not even load; and what it said of each. A test that failed once and then
 * passed (most start processes and send signals) counts as passed, and is told.
 */
const unitResults = (): Counts | null => {
  if (!existsSync(UNIT_JSON)) return null;
  const { numPassedTests, numFailedTests, testResults } = vitestReport.parse(
    JSON.parse(readFileSync(UNIT_JSON, 'utf8')),
  );
  const told = (wanted: 'passed' | 'failed'): string[] =>
    testResults.flatMap(({ name, status, message, assertionResults }) => {
      const said = assertionResults
        .filter((test) => test.status === wanted && test.failureMessages.length > 0)
        .map(({ fullName, failureMessages }) => `${fullName}\n${failureMessages.join('\n')}`);
      const all = wanted === 'failed' && status === 'failed' && said.length === 0 ? [message] : said;
      return all.map((text) => `${relative('.', name)}: ${text}`.split('\n').slice(0, FAILURE_LINES).join('\n'));
    });
  for (const text of told('passed')) console.log(`\nunit ok, but only the second time: ${text}`);
  const failures = told('failed');
  return { passed: numPassedTests, failed: Math.max(numFailedTests, failures.length), failures };
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
const results = stages.map((stage) => ({ name: stage.name, ...run(stage) }));

for (const { name, failures = [] } of results)
  for (const failure of failures) console.log(`\n${name} not ok: ${failure}`);
console.log('');
for (const { name, passed, failed, seconds } of results)
  console.log(
    `${name.padEnd(12)} ${String(passed).padStart(5)} ok ${String(failed).padStart(3)} not ok  ${seconds.toFixed(0).padStart(4)} s`,
  );
const total = (of: 'passed' | 'failed'): number => results.reduce((sum, result) => sum + result[of], 0);
console.log(`${total('passed')} passed, ${total('failed')} failed`);
process.exitCode = total('failed') > 0 ? 1 : 0;
