/** The MNIST core from configuration to verdict, and a spiking one, with a short report. */
import type { Result } from '../src/cosim/index.js';
import type { MemoryReport } from '../src/report/memory.js';
import { grapes, grapesJson } from './grapes.js';

const SAMPLES = 200;
const ICARUS_SAMPLES = 5;
/** A spiking network small enough that building and running its core takes seconds. */
const SPIKING_NAME = 'spiking';
const SPIKING = ['--name', SPIKING_NAME, '--preset', 'snu', '--layers', '784,32,10', '--lanes', '4', '--rate', '9'];

const step = (text: string): void => console.log(`\n==== ${text}`);
const grouped = (value: number): string => value.toLocaleString('en-US');
const seconds = (since: number): string => `${((performance.now() - since) / 1000).toFixed(0)} s`;

/** A command that must succeed for the demonstration to go on. */
const must = (status: number | null): void => {
  if (status !== 0) process.exit(status ?? 1);
};

const verify = (simulator: string, samples: number, name = 'mnist'): Result => {
  const start = performance.now();
  const { status, result } = grapesJson<Result>('verify', name, '--sim', simulator, '--samples', String(samples));
  if (status !== 0 || result === null) {
    grapes('verify', name, '--sim', simulator, '--samples', String(samples));
    process.exit(status ?? 1);
  }
  console.log(
    `${grouped(result.compared)} values compared, ${result.mismatches} mismatches, in ${seconds(start)}, build included`,
  );
  return result;
};

const start = performance.now();
step(`the 8-bit core for 784-256-256-10 and ${SAMPLES} samples of MNIST`);
must(grapes('gen', '--bits', '8', '--samples', String(SAMPLES), '--trace', String(SAMPLES)));
step(`lint, then training on Verilator, ${SAMPLES} samples`);
const verilator = verify('verilator', SAMPLES);
step(`training on Icarus, ${ICARUS_SAMPLES} samples`);
const icarus = verify('icarus', ICARUS_SAMPLES);
step(`a spiking core, ${SPIKING.join(' ')}: training on both simulators, ${ICARUS_SAMPLES} samples`);
must(grapes('gen', ...SPIKING, '--samples', String(ICARUS_SAMPLES)));
const spiking = [verify('verilator', ICARUS_SAMPLES, SPIKING_NAME), verify('icarus', ICARUS_SAMPLES, SPIKING_NAME)];
const memory = grapesJson<MemoryReport>('report', 'memory', '--preset', 'mnist').result;
if (memory === null) process.exit(1);

const [{ cyclesPerStep, bound, steps }] = verilator.runs;
const ratio = cyclesPerStep !== null && bound !== null ? (cyclesPerStep / bound).toFixed(3) : 'unknown';
const facts: readonly (readonly [string, string])[] = [
  ['samples trained', `${SAMPLES} on Verilator, ${ICARUS_SAMPLES} on Icarus`],
  ['values compared', `${grouped(verilator.compared)} on Verilator, ${grouped(icarus.compared)} on Icarus`],
  ['mismatches', grouped(verilator.mismatches + icarus.mismatches)],
  [
    'spiking core',
    `${grouped(spiking.reduce((sum, { compared }) => sum + compared, 0))} values of every step compared, ${spiking.reduce((sum, { mismatches }) => sum + mismatches, 0)} mismatches`,
  ],
  ['lint', `${verilator.lint.map(({ title }) => title).join('; ')}: 0 warnings`],
  ['cycles a step', `${grouped(Math.round(cyclesPerStep ?? Number.NaN))}, mean of ${steps}`],
  ['bound B', `${grouped(Math.round(bound ?? Number.NaN))}; the core takes ${ratio} x B`],
  [
    'memory',
    `${grouped(memory.total.bytes)} bytes in all, ${grouped(memory.perLane.bytes)} in each of ${memory.lanes} lanes`,
  ],
  [
    'GRAPES adds',
    `${grouped(memory.grapes.bytes)} bytes, ${memory.grapes.percentOfSgd.toFixed(2)} % of what SGD needs`,
  ],
  ['time', seconds(start)],
];
step('report');
for (const [name, value] of facts) console.log(`${name.padEnd(16)} ${value}`);
