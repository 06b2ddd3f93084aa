import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Ended, runProgram } from '../../src/tools/index.js';

/**
 * How a proof is made.
 *
 *   inputs  Yosys's own solver, which handles adders better than z3: all inputs of what has no state
 *   steps   z3, over all inputs of `depth` cycles
 *   always  property-directed reachability (Yosys's ABC): every state that can be reached, for ever
 *   cycles  a SAT solver (Yosys's ABC), over `depth` cycles from reset
 *   ports   no path from any input to any output within a cycle
 */
export type Method =
  | { readonly kind: 'inputs' }
  | { readonly kind: 'steps'; readonly depth: number }
  | { readonly kind: 'always' }
  | { readonly kind: 'cycles'; readonly depth: number }
  | { readonly kind: 'ports' };

/** What is to be proved: module `top` of these sources, in the order in which Yosys reads them. */
export interface Model {
  readonly top: string;
  readonly sources: ReadonlyMap<string, string>;
  /** modules whose outputs are cut loose: they may do anything */
  readonly loose: readonly string[];
  /** wires of the flat design that are to be other wires of it */
  readonly taps: readonly (readonly [wire: string, signal: string])[];
}

const TIME_OUT_MS = 1_800_000;
const SEARCH_SECONDS = 900;

const yosys = async (folder: string, { top, sources }: Model, commands: readonly string[]): Promise<Ended> => {
  const read = `read_verilog -formal -sv ${[...sources.keys()].join(' ')}`;
  writeFileSync(join(folder, 'proof.ys'), [read, `hierarchy -top ${top}`, 'proc', ...commands, ''].join('\n'));
  const ended = await runProgram('yosys', ['-q', 'proof.ys'], { cwd: folder, timeoutMs: TIME_OUT_MS });
  // Yosys takes an unknown name for a free wire, which would refute anything.
  const unknown = /Identifier `\\(\S+)' is implicitly declared/.exec(ended.output);
  if (unknown) throw new Error(`a proof names ${unknown[1]}, which the design lacks`);
  return ended;
};

const made = (result: Ended): void => {
  if (result.code !== 0) throw new Error(`Yosys: ${result.output}`);
};

const smt = async (folder: string, model: Model, depth: number): Promise<string> => {
  made(
    await yosys(folder, model, [
      ...['flatten', 'opt -full', 'memory', 'opt', 'async2sync', 'setundef -undriven -anyseq', 'opt_clean', 'dffunmap'],
      'write_smt2 -wires proof.smt2',
    ]),
  );
  const parameters = ['-s', 'z3', '--noprogress', '-t', String(depth), 'proof.smt2'];
  return (await runProgram('yosys-smtbmc', parameters, { cwd: folder, timeoutMs: TIME_OUT_MS })).output;
};

/** The model as an and-inverter graph, its assertions as bad states, its assumptions as constraints. */
const graph = async (folder: string, model: Model): Promise<void> =>
  made(
    await yosys(folder, model, [
      ...model.loose.map((module) => `cutpoint t:*${module}*`),
      ...[
        'flatten',
        ...model.taps.map(([wire, signal]) => `connect -nounset -set ${wire} ${signal}`),
        'delete -output',
      ],
      ...['opt_clean', 'setundef -undriven -anyseq', 'setundef -anyseq'],
      ...['opt -full', 'wreduce', 'opt -full', 'memory_map', 'opt -full', 'opt_clean'],
      ...[
        'techmap',
        'opt -fast',
        'dffunmap',
        'techmap',
        'abc -g AND -fast',
        'opt_clean',
        'write_aiger -zinit proof.aig',
      ],
    ]),
  );

const abc = async (folder: string, commands: string): Promise<string> =>
  (
    await runProgram('yosys-abc', ['-c', `read_aiger proof.aig; fold; strash; ${commands}`], {
      cwd: folder,
      timeoutMs: TIME_OUT_MS,
    })
  ).output;

/** Whether nothing breaks the model's assertions. @throws Error where the solver gives no verdict */
const verdict = (output: string, holds: RegExp, broken: RegExp): boolean => {
  if (holds.test(output)) return true;
  if (broken.test(output)) return false;
  throw new Error(`no verdict: ${output}`);
};

const BROKEN = /was asserted in frame/;

const search = async (folder: string, depth: number): Promise<boolean> =>
  verdict(
    await abc(folder, `bmc3 -F ${depth} -T ${SEARCH_SECONDS}`),
    new RegExp(`No output asserted in ${depth} frames`),
    BROKEN,
  );

/** Whether no input ever breaks an assertion of the model, by the method asked for. */
export const holds = async (method: Method, model: Model, folder: string): Promise<boolean> => {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const [file, text] of model.sources) writeFileSync(join(folder, file), text);
  switch (method.kind) {
    case 'inputs': {
      const sat = `sat -verify -prove-asserts -set-assumes ${model.top}`;
      const { code, output } = await yosys(folder, model, ['flatten', 'opt -full', sat]);
      return code === 0 || verdict(output, /^$/, /proof did fail/);
    }
    case 'steps':
      return verdict(await smt(folder, model, method.depth), /Status: PASSED/, /Status: FAILED/);
    case 'always':
      await graph(folder, model);
      return verdict(await abc(folder, 'scorr; dc2; scorr; pdr -nc'), /Property proved/, BROKEN);
    case 'cycles':
      await graph(folder, model);
      return search(folder, method.depth);
    case 'ports': {
      const { code, output } = await yosys(folder, model, [
        ...['flatten', 'opt_clean', 'select -set cone o:* %ci*:-$dff', 'select -assert-any @cone'],
        'select -assert-none @cone i:* %i',
      ]);
      return code === 0 || verdict(output, /^$/, /Assertion failed: selection is not empty/);
    }
  }
};
