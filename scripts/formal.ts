/**
 * Proves small modules equal to their specification in `formal/`: for all inputs where a module is combinational, with
 * Yosys's own solver, which handles adders better than z3; for all inputs over `depth` cycles from reset where it has
 * state, with Yosys and z3. Each proof is then run against a planted fault, which it must refute.
 */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { requirePrograms, runProgram } from '../src/tools/index.js';
import { writeResults } from './results.js';

interface Proof {
  /** `formal/<name>.sv`, module `<name>_proof` */
  readonly name: string;
  /** cycles from reset; 1 for combinational modules */
  readonly depth: number;
  readonly says: string;
  readonly fault: { readonly module: string; readonly from: string; readonly to: string };
}

const PROOFS: readonly Proof[] = [
  {
    name: 'requantise',
    depth: 1,
    says: 'sat(rn(v, s)) for all 18-bit v and s = -2..5, and its preview',
    fault: { module: 'grapes_requantise', from: "halves + WIDE'(1)", to: 'halves' },
  },
  {
    name: 'update',
    depth: 1,
    says: 'the update cell for all 8-bit operands, random bits and two shifts',
    fault: { module: 'grapes_update', from: "= raised - WIDE'", to: "= raised + WIDE'" },
  },
  {
    name: 'factor',
    depth: 1,
    says: 'both clips, and M = 0',
    fault: { module: 'grapes_factor', from: "BITS'(1) << FRAC", to: "BITS'(2) << FRAC" },
  },
  {
    name: 'divider',
    depth: 12,
    says: 'floor(n * 2^8 / d) for all 8-bit n <= d, whatever was divided before',
    fault: { module: 'grapes_divider', from: 'rest >= {', to: 'rest > {' },
  },
  {
    name: 'xorshift',
    depth: 1,
    says: 'bit by bit, and that no stream dies',
    fault: { module: 'grapes_xorshift', from: 'left >> 17', to: 'left >> 16' },
  },
  {
    name: 'loader',
    depth: 12,
    says: 'no feature lost, invented or out of its half, 12 cycles of any beats and releases',
    fault: {
      module: 'grapes_loader',
      from: 'wire over = remaining',
      to: 'wire over = pending_q == pending_q || remaining',
    },
  },
  {
    name: 'result',
    depth: 9,
    says: 'beats hold until taken, in order, and the prediction is the first of the largest; 9 cycles',
    fault: { module: 'grapes_softmax', from: 'logit_i > maximum_q', to: 'logit_i >= maximum_q' },
  },
];

const FOLDER = resolve('build', 'formal');
const TIME_OUT_MS = 600_000;

const modules = (): ReadonlyMap<string, string> =>
  new Map(
    readdirSync('templates')
      .filter((file) => /^grapes_\w+\.sv$/.test(file))
      .map((file) => [file, readFileSync(join('templates', file), 'utf8')]),
  );

/** Whether no input breaks an assertion. */
const holds = async ({ name, depth }: Proof, sources: ReadonlyMap<string, string>, label: string): Promise<boolean> => {
  const folder = join(FOLDER, `${name}-${label}`);
  mkdirSync(folder, { recursive: true });
  for (const [file, text] of sources) writeFileSync(join(folder, file), text);
  const options = { cwd: folder, timeoutMs: TIME_OUT_MS };
  const design = [
    `read_verilog -formal -sv ${[...sources.keys()].join(' ')} ${resolve('formal', `${name}.sv`)}`,
    `hierarchy -top ${name}_proof; proc; flatten; opt -full`,
  ].join('; ');
  if (depth === 1) {
    const solve = `${design}; sat -verify -prove-asserts -set-assumes ${name}_proof`;
    const { code, output } = await runProgram('yosys', ['-q', '-p', solve], options);
    if (code === 0) return true;
    if (/proof did fail/.test(output)) return false;
    throw new Error(`${name}: the solver gave no verdict: ${output}`);
  }
  const script = [
    `${design}; memory; opt; async2sync`,
    'setundef -undriven -anyseq; opt_clean; dffunmap; write_smt2 -wires proof.smt2',
  ].join('; ');
  const made = await runProgram('yosys', ['-q', '-p', script], options);
  if (made.code !== 0) throw new Error(`${name}: Yosys: ${made.output}`);
  const { output } = await runProgram(
    'yosys-smtbmc',
    ['-s', 'z3', '--noprogress', '-t', String(depth), 'proof.smt2'],
    options,
  );
  if (/Status: PASSED/.test(output)) return true;
  if (/Status: FAILED/.test(output)) return false;
  throw new Error(`${name}: the solver gave no verdict: ${output}`);
};

requirePrograms(['yosys', 'z3']);
const sources = modules();
let failed = 0;
for (const proof of PROOFS) {
  const file = `${proof.fault.module}.sv`;
  const text = sources.get(file) ?? '';
  if (!text.includes(proof.fault.from)) throw new Error(`${file} lacks ${proof.fault.from}: plant another fault`);
  const start = performance.now();
  const proved = await holds(proof, sources, 'proof');
  const refuted = !(await holds(
    proof,
    new Map([...sources, [file, text.replace(proof.fault.from, proof.fault.to)]]),
    'fault',
  ));
  const seconds = ((performance.now() - start) / 1000).toFixed(0);
  const verdict = proved ? (refuted ? 'proved' : 'EMPTY: holds with a planted fault too') : 'REFUTED';
  if (!proved || !refuted) failed++;
  console.log(`${verdict.padEnd(8)} ${proof.name.padEnd(10)} ${proof.says} (${seconds} s)`);
}
writeResults('formal', { passed: PROOFS.length - failed, failed });
console.log(`${PROOFS.length - failed} of ${PROOFS.length} proved, each refuted with a planted fault`);
process.exitCode = failed > 0 ? 1 : 0;
