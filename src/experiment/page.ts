import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { asUserError, UserError } from '../fx/error.js';
import { isThere } from '../fx/folder.js';
import type { Outcome } from './output.js';
import type { Table } from './report.js';

/** The outcomes of these experiments in a folder, those that are there. */
export const readOutcomes = (folder: string, names: readonly string[]): Outcome[] =>
  names
    .map((name) => join(folder, `${name}.json`))
    .filter((file) => isThere(file))
    .map((file) => JSON.parse(readFileSync(file, 'utf8')));

const RULE = { left: ':--', right: '--:' } as const;

const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

const markdownTable = ({ title, columns, rows }: Table): string[] => [
  `**${title}**`,
  '',
  line(columns.map(({ name }) => name)),
  line(columns.map(({ align }) => RULE[align])),
  ...rows.map(line),
  '',
];

const list = (sentences: readonly string[]): string[] => [
  ...sentences.map((sentence) => `- ${sentence.replace(/^\*/, '\\*')}`),
  '',
];

const section = (folder: string, outcome: Outcome): string[] => [
  `## ${outcome.title}`,
  '',
  outcome.question,
  '',
  ...list(outcome.findings),
  ...outcome.tables.flatMap(markdownTable),
  ...(isThere(join(folder, `${outcome.name}.svg`)) ? [`![${outcome.title}](${outcome.name}.svg)`, ''] : []),
  'How it was measured:',
  '',
  ...list(outcome.setting),
  `Again: \`${outcome.command}\`. Data: [CSV](${outcome.name}.csv), [JSON](${outcome.name}.json) with the rates tried.`,
  `Integers follow version ${outcome.contract ?? 1} of the numeric contract.`,
  '',
];

/** A heading's anchor, as GitHub makes it. */
const anchor = (title: string): string =>
  title
    .toLowerCase()
    .replaceAll(/[^a-z0-9 -]/g, '')
    .replaceAll(' ', '-');

/** The questions, each with its first finding as the short answer. */
const contents = (outcomes: readonly Outcome[]): string[] => [
  ...outcomes.flatMap(({ title, findings }) => [`- [${title}](#${anchor(title)})`, `  ${findings[0]}`]),
  '',
];

const INTRODUCTION = [
  '# What GRAPES is worth on integers',
  '',
  'Written by `grapes-hw experiment`; every number is computed from the runs. Accuracies are on MNIST, without augmentation, at',
  "the end of a fixed number of epochs. A mode is compared at the rate that suits it: GRAPES's factors average about 1.9, so at equal",
  'rates it simply takes longer steps. `uniform` is the control for what is left: as long a step, the same for every neuron of a layer.',
  'After ± and in bars and bands of the plots stands one standard deviation over seeds, unless it says interval.',
  '',
];

const isOutcome = (text: string): boolean => /^\{\s*"format": "grapes-experiment\/1"/.test(text);

/** @throws UserError if a file that an experiment writes into the folder is there and another's */
export const requirePage = (folder: string, names: readonly string[]): void => {
  const ours: readonly (readonly [string, (text: string) => boolean])[] = [
    ['README.md', (text) => text.startsWith(INTRODUCTION[0])],
    ...names.map((name) => [`${name}.json`, isOutcome] as const),
  ];
  for (const [name, isOurs] of ours) {
    const file = join(folder, name);
    if (isThere(file) && !isOurs(readFileSync(file, 'utf8')))
      throw new UserError(`${file}: is no outcome of an experiment; choose another folder with --out`, { field: file });
  }
};

/** Writes `README.md`, which reads the outcomes in one place, and gives its path. */
export const writePage = (folder: string, outcomes: readonly Outcome[]): string => {
  const file = join(folder, 'README.md');
  const text = [...INTRODUCTION, ...contents(outcomes), ...outcomes.flatMap((outcome) => section(folder, outcome))];
  try {
    writeFileSync(file, `${text.join('\n').trimEnd()}\n`);
  } catch (error) {
    throw asUserError(error, file);
  }
  return file;
};
