/**
 * Proves modules equal to their specification in `formal/`, and a small core's schedule sound. Each proof is then run
 * against planted faults, each of which must refute it.
 *
 *   scripts/formal.ts [--quick] [--only exp,lists]
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { parseConfig } from '../src/config/index.js';
import { plan } from '../src/datapath/plan.js';
import { emit } from '../src/rtl/index.js';
import { requirePrograms } from '../src/tools/index.js';
import { PROOFS, type Proof, type SmallCore } from './formal/proofs.js';
import { holds, type Method, type Model } from './formal/solvers.js';
import { writeResults } from './results.js';

const { values: flags } = parseArgs({
  options: { quick: { type: 'boolean', default: false }, only: { type: 'string' } },
});

const FOLDER = resolve('build', 'formal');
const NAME = 'small';

/** Where the data are: the schedule does not depend on what they give. */
const DATA = [
  ...['grapes_lane', 'grapes_streams', 'grapes_adder_tree', 'grapes_scaler', 'grapes_requantise', 'grapes_max_tree'],
  ...['grapes_exp', 'grapes_divider', 'grapes_counters'],
];

const text = (file: string): string => readFileSync(file, 'utf8');

/** @throws Error unless `from` is there once */
const replaced = (file: string, source: string, from: string | RegExp, to: string): string => {
  const parts = source.split(from);
  if (parts.length !== 2) throw new Error(`${file}: ${from} is there ${parts.length - 1} times`);
  return parts.join(to);
};

const moduleModel = (name: string): Model => {
  const templates = readdirSync('templates').filter((file) => /^grapes_\w+\.sv$/.test(file));
  const sources = templates.map((file): [string, string] => [file, text(join('templates', file))]);
  return {
    top: `${name}_proof`,
    sources: new Map([...sources, [`${name}.sv`, text(join('formal', `${name}.sv`))]]),
    loose: [],
    taps: [],
  };
};

/** The wires of a proof that are signals of a unit: `wire [..] <name>;  // tap <unit>.<signal>`. */
const tapsOf = (checks: string): Model['taps'] =>
  [...checks.matchAll(/^ *wire (?:\[.*?\] )?(\w+); *\/\/ tap (\S+)$/gm)].map(([, name, signal]) => [
    `core.g_proof.${name}`,
    `core.${signal}`,
  ]);

/** A core with checks inside, and a short divider: how long it takes only delays what follows. */
const coreModel = ({ name, method }: Proof, { layers, lanes, rates }: SmallCore): Model => {
  const learningRateShift = rates?.map((shift, epoch) => ({ epoch, shift }));
  const config = parseConfig({ name: NAME, layers, lanes, learningRateShift, bits: 4, data: 'synthetic' });
  const sources = new Map([...emit(plan(config))].filter(([path]) => /^\w+\.sv$/.test(path)));
  const edit = (file: string, from: string | RegExp, to: string): unknown =>
    sources.set(file, replaced(file, sources.get(file) ?? '', from, to));
  edit(`${NAME}_pkg.sv`, /(?<=DIVIDE_STAGES = )\d+/, '1');
  const checks = method.kind === 'ports' ? '' : text(join('formal', `${name}.sv`));
  edit('grapes_core.sv', /^endmodule$/m, `${checks}endmodule`);
  return { top: `${NAME}_core`, sources, loose: DATA, taps: tapsOf(checks) };
};

const planted = (model: Model, { module, from, to }: Proof['faults'][number]): Model => {
  const file = `${module}.sv`;
  return {
    ...model,
    sources: new Map(model.sources).set(file, replaced(file, model.sources.get(file) ?? '', from, to)),
  };
};

const reach = (method: Method): string => {
  switch (method.kind) {
    case 'inputs':
    case 'steps':
      return 'all inputs';
    case 'always':
      return 'for ever';
    case 'cycles':
      return `${method.depth} cycles`;
    case 'ports':
      return 'structure';
  }
};

requirePrograms(['yosys', 'z3']);
const only = flags.only?.split(',');
const proofs = PROOFS.filter(({ name, quick }) => only?.includes(name) ?? (quick || !flags.quick));
if (proofs.length === 0) throw new Error(`no such proof: ${flags.only}; there are ${PROOFS.map(({ name }) => name)}`);

const begin = performance.now();
let failed = 0;
let faults = 0;
for (const proof of proofs) {
  const start = performance.now();
  const model = proof.core ? coreModel(proof, proof.core) : moduleModel(proof.name);
  const seconds = (): string => ((performance.now() - start) / 1000).toFixed(0);
  const proved = await holds(proof.method, model, join(FOLDER, proof.name));
  const proofSeconds = seconds();
  const missed: string[] = [];
  for (const fault of proof.faults)
    if (await holds(proof.refute ?? proof.method, planted(model, fault), join(FOLDER, `${proof.name}-fault`)))
      missed.push(`${fault.module}: ${fault.to}`);
  faults += proof.faults.length - missed.length;
  if (!proved || missed.length > 0) failed++;
  const verdict = proved ? (missed.length === 0 ? 'proved' : 'EMPTY') : 'REFUTED';
  console.log(
    `${verdict.padEnd(8)} ${proof.name.padEnd(10)} ${reach(proof.method).padEnd(10)} ${proof.says} (${proofSeconds} s; ${proof.faults.length} planted, ${seconds()} s)`,
  );
  for (const fault of missed) console.log(`         holds with a planted fault too: ${fault}`);
}
writeResults('formal', { passed: proofs.length - failed, failed });
const total = ((performance.now() - begin) / 1000).toFixed(0);
console.log(`${proofs.length - failed} of ${proofs.length} proved, refuted by ${faults} planted faults (${total} s)`);
process.exitCode = failed > 0 ? 1 : 0;
