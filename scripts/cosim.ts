/** Co-simulations of `make test`: each line is one command that must succeed. */
import { grapes } from './grapes.js';
import { writeResults } from './results.js';

const OUT = ['--out', 'build/cosim-test/rtl-out', '--golden', 'build/cosim-test/golden'];

const RUNS: readonly (readonly string[])[] = [
  ['verify', 'tiny', '--modules'],
  ['verify', 'tiny', '--stall', '--load', 'fast', '--no-lint', '--seed', '7'],
  ['gen', '--preset', 'mnist-small', '--samples', '40', ...OUT],
  ['verify', 'mnist_small', ...OUT, '--sim', 'verilator'],
  ['verify', 'mnist_small', ...OUT, '--sim', 'icarus', '--samples', '4', '--no-lint'],
  ['gen', '--preset', 'tiny', '--name', 'odd', '--layers', '7,5,3', '--lanes', '2', '--samples', '40', ...OUT],
  ['verify', 'odd', ...OUT],
];

const failed = RUNS.filter((parameters) => {
  console.log(`\n$ grapes-hw ${parameters.join(' ')}`);
  return grapes(...parameters) !== 0;
});
for (const parameters of failed) console.log(`cosim: failed: grapes-hw ${parameters.join(' ')}`);
writeResults('cosim', { passed: RUNS.length - failed.length, failed: failed.length });
process.exitCode = failed.length > 0 ? 1 : 0;
