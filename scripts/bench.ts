/**
 * Training speed, one thread, one sample at a time, on MNIST: the model's engines beside plain C trainers of the same
 * integers that are compiled in the same run. A dense network at 8 and 16 bits, phase by phase; networks in time.
 *
 *   npm run bench -- [--quick] [--json] [--only dense|time]
 *
 * Rounds of all contenders alternate; a time is the sum of the fastest times of short slices, so that other work on the
 * machine counts little. Ends with exit code 1 where engines and trainers do not agree.
 */
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { denseRace, type Race, TIMED_NAMES, timeRace } from './bench/networks.js';
import { disagreeing, race, type Timed } from './bench/race.js';
import { missingCompiler } from './bench/trainer.js';

const { values: flags } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    only: { type: 'string' },
  },
});
if (flags.only !== undefined && !['dense', 'time'].includes(flags.only)) {
  console.error(`bench: --only: is ${flags.only}, must be dense or time`);
  process.exit(2);
}

const [samples, rounds] = flags.quick ? [2000, 4] : [10_000, 10];
const effort = { samples, rounds, slowRounds: 2 };

interface Result {
  readonly name: string;
  /** which of the network's widths or modes: contenders alike in this compute the same integers */
  readonly integers: string;
  readonly samplesPerSecond: number;
  /** speed in units of the yardstick's with the same integers; null without a compiler */
  readonly againstC: number | null;
  /** microseconds a sample */
  readonly phases: Readonly<Record<string, number>>;
  /** of the samples, predicted rightly before their update */
  readonly right: number;
  readonly checksum: number;
}

const say = (text: string): void => {
  if (!flags.json) console.log(text);
};

const COLUMNS = ['input', 'forward', 'softmax', 'backward', 'update'] as const;

const printed = (results: readonly Result[], yardstick: string): void => {
  const phased = COLUMNS.filter((name) => results.some(({ phases }) => name in phases));
  const cells = [
    ['', '', 'samples/s', `x ${yardstick}`, ...phased.map((name) => `${name} us`)],
    ...results.map(({ name, integers, samplesPerSecond, againstC, phases }) => [
      name,
      integers,
      Math.round(samplesPerSecond).toLocaleString('en-US'),
      againstC === null ? '-' : againstC.toFixed(2),
      ...phased.map((phase) => phases[phase]?.toFixed(2) ?? '-'),
    ]),
  ];
  const widths = cells[0].map((_, column) => Math.max(...cells.map((row) => row[column].length)));
  for (const row of cells)
    say(row.map((cell, i) => (i < 2 ? cell.padEnd(widths[i]) : cell.padStart(widths[i]))).join('  '));
};

/** Without GRAPES there is less to do: such a contender is set against the same yardstick as one with it. */
const resultOf = (all: readonly Timed[], yardstick: string, { name, integers, seconds, ...timed }: Timed): Result => {
  const like = all.find((one) => one.name === yardstick && integers.startsWith(one.integers));
  return {
    name,
    integers,
    samplesPerSecond: samples / seconds,
    againstC: like === undefined ? null : like.seconds / seconds,
    phases: Object.fromEntries(Object.entries(timed.phases).map(([phase, s]) => [phase, (s / samples) * 1e6])),
    right: timed.right,
    checksum: timed.checksum,
  };
};

const progress = (title: string, done: number): void => {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${title}: round ${done}`);
};

const missing = missingCompiler();
say(`${samples} samples of MNIST, one thread of ${cpus()[0]?.model.trim() ?? 'a processor'}`);
if (missing !== null) say(`no comparison with C: ${missing}`);

const races: (() => Race)[] = [
  ...(flags.only === 'time' ? [] : [() => denseRace(effort)]),
  ...(flags.only === 'dense' ? [] : TIMED_NAMES.map((name) => () => timeRace(name, effort))),
];
const networks = races.map((make) => {
  const { title, contenders, yardstick } = make();
  const all = race(contenders, (done) => progress(title, done));
  if (process.stderr.isTTY) process.stderr.write('\r\x1b[K');
  const results = all.map((one) => resultOf(all, yardstick, one));
  say(`\n${title}`);
  printed(results, yardstick);
  return { title, yardstick, results, wrong: disagreeing(all) };
});
if (flags.json) {
  const shown = networks.map(({ title, yardstick, results }) => ({ title, yardstick, results }));
  console.log(JSON.stringify({ samples, missing, networks: shown }, null, 2));
}

const wrong = networks.flatMap(({ title, wrong: some }) => some.map((one) => ({ title, ...one })));
for (const { title, name, integers, right, checksum } of wrong)
  console.error(`bench: ${title}: ${name}, ${integers}: ${right} right, checksum ${checksum}: not all agree`);
if (wrong.length > 0) process.exitCode = 1;
else say('\nEngines and trainers end with the same weights.');
