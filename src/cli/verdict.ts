import chalk from 'chalk';
import { describe, type Result, SIMULATORS, type SimulationRun, saveFileOf } from '../cosim/index.js';
import { GOLDEN, RTL_OUT } from './generated.js';
import { counted, grouped, shellWord } from './text.js';

/** What the command was given that its follow-up commands need to repeat. */
interface Given {
  readonly out: string;
  readonly golden: string;
}

const seconds = (value: number): string => `${value.toFixed(1)} s`;

const cyclesLine = ({ cyclesPerStep, bound, steps }: SimulationRun): string[] => {
  if (cyclesPerStep === null) return [];
  const mean = `  cycles per training step: ${grouped(Math.round(cyclesPerStep))} (mean of ${grouped(steps)})`;
  const against =
    bound === null || bound === 0
      ? ''
      : `, bound B ${grouped(Math.round(bound))}: ${(cyclesPerStep / bound).toFixed(3)} x B`;
  return [mean + against];
};

const folderFlags = ({ out, golden }: Given): string =>
  (out === RTL_OUT ? '' : ` --out ${shellWord(out)}`) + (golden === GOLDEN ? '' : ` --golden ${shellWord(golden)}`);

const waveLines = (name: string, { difference, simulator, wave }: SimulationRun, given: Given): string[] => {
  if (difference === null) return [];
  if (wave !== null) return [`waveform  gtkwave ${shellWord(wave)} ${shellWord(saveFileOf(wave))}`];
  const file = `${name}.vcd`;
  const samples =
    difference.kind === 'weight' || difference.sample === null ? '' : ` --samples ${difference.sample + 1}`;
  const record = `grapes-hw verify ${name} --sim ${simulator}${samples}${folderFlags(given)} --no-lint --wave ${file}`;
  return [`waveform  ${record} ; gtkwave ${file} ${saveFileOf(file)}`];
};

const LOADED = { port: 'through the port', fast: 'past the port' } as const;

const runLines = (name: string, run: SimulationRun, given: Given): string[] => {
  const { verdict, simulator, bench, samples } = run;
  const title = SIMULATORS[simulator].title.padEnd(15);
  const what = samples === null ? bench : counted(samples, 'sample');
  const loaded = run.load === null ? '' : `, weights loaded ${LOADED[run.load]}`;
  const time = `build ${seconds(run.buildSeconds)}, run ${seconds(run.runSeconds)}${loaded}`;
  if (verdict.ok) {
    const kinds = verdict.kinds
      .filter((kind) => kind.compared > 0)
      .map((kind) => `${kind.kind} ${grouped(kind.compared)}`);
    return [
      `${chalk.green('pass')}  ${title} ${what}: ${grouped(verdict.compared)} values compared, 0 mismatches (${time})`,
      ...(samples === null ? [] : [`  ${kinds.join(', ')}`, ...cyclesLine(run)]),
    ];
  }
  const reason = run.difference
    ? [
        ...verdict.broken.map((rule) => `broken contract: ${rule}`),
        'first difference:',
        ...[...describe(run.difference), ...waveLines(name, run, given)].map((line) => `  ${line}`),
      ]
    : [
        ...verdict.problems,
        ...(run.tail.length > 0 ? ['its last lines:', ...run.tail.map((line) => `  ${line}`)] : []),
      ];
  return [`${chalk.red('FAIL')}  ${title} ${what}`, ...reason.map((line) => `  ${line}`)];
};

/** The last line: what it all comes to. */
const conclusion = (name: string, { ok }: Result, learned: boolean, sum: string): string => {
  if (!ok) return chalk.red(`${name}: NOT verified. ${sum}`);
  if (learned) return chalk.green(`${name}: exact. ${sum}`);
  return chalk.red(
    `${name}: NOT verified: no weight changes in these samples, so nothing of learning was tried. ${sum}; make vectors that learn with a lower --rate or more --samples`,
  );
};

/**
 * The outcome of a co-simulation for a person.
 * @param learned whether the vectors change any weight
 */
export const verdictText = (name: string, result: Result, learned: boolean, given: Given): string => {
  const lint = result.lint.flatMap(({ ok, title, complaints }) => [
    `${ok ? chalk.green('pass') : chalk.red('FAIL')}  lint: ${title}${ok ? ': 0 warnings' : ''}`,
    ...complaints.map((line) => `  ${line}`),
  ]);
  const runs = result.runs.flatMap((run) => runLines(name, run, given));
  const simulators = [...new Set(result.runs.map((run) => SIMULATORS[run.simulator].title))].join(' and ');
  const sum = `${grouped(result.compared)} values compared on ${simulators}, ${counted(result.mismatches, 'mismatch').replace(/hs$/, 'hes')}`;
  return [...lint, ...runs, conclusion(name, result, learned, sum)].join('\n');
};
