import { createHash } from 'node:crypto';
import { lineNumber, type Mutant, placeOf, replaceAt } from './mutant.js';
import { type Edit, editsOf, OPERATOR_NAMES, type OperatorName, type Source } from './operators.js';
import { tokenise } from './tokens.js';

/** Beyond this line a module only shows or checks what it did. */
const SECTION = /\/\/ ---- (trace|contract)\n/;

const sourceOf = (text: string): Source => {
  const end = text.search(SECTION);
  const tokens = tokenise(text);
  return {
    text,
    tokens: end < 0 ? tokens : tokens.filter((token) => token.start < end),
    names: new Set(tokens.filter(({ kind }) => kind === 'word').map((token) => token.text)),
  };
};

const digest = (text: string): string => createHash('sha256').update(text).digest('hex');

const mutantOf = (module: string, text: string, { operator, start, end, to, description }: Edit): Mutant => {
  const place = placeOf(text, start);
  const from = text.slice(start, end);
  const key = digest(JSON.stringify([place.line.trim(), place.occurrence, place.column, from, to]));
  return {
    id: `${module}/${operator}/${key.slice(0, 8)}`,
    module,
    description: `line ${lineNumber(text, start)}: ${description}`,
    apply: replaceAt(place, from, to),
  };
};

/** Every mutant of a module that the operators make, by operator. */
export const allMutants = (module: string, text: string): ReadonlyMap<OperatorName, readonly Mutant[]> => {
  const source = sourceOf(text);
  return new Map(
    OPERATOR_NAMES.map((operator) => [operator, editsOf(source, operator).map((edit) => mutantOf(module, text, edit))]),
  );
};

/** Order that depends on a mutant's own line only: a change elsewhere in a module neither adds nor removes it. */
const shuffled = (mutants: readonly Mutant[]): Mutant[] =>
  [...mutants].sort((a, b) => (digest(a.id) < digest(b.id) ? -1 : 1));

/** How many of a module's `all` mutants are tried: more of a large one, though not in proportion. */
const quota = (all: number): number => Math.ceil(1.5 * Math.sqrt(all));

/** A sample of a module's mutants in which the operators take turns. */
export const sampleMutants = (module: string, text: string): Mutant[] => {
  const queues = [...allMutants(module, text).values()].map(shuffled);
  const total = queues.reduce((sum, queue) => sum + queue.length, 0);
  const chosen: Mutant[] = [];
  for (let round = 0; chosen.length < Math.min(total, quota(total)); round++)
    for (const queue of queues) if (round < queue.length) chosen.push(queue[round]);
  return chosen;
};
