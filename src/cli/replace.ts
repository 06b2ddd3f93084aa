import { realpathSync } from 'node:fs';
import { basename, dirname, join, resolve, sep } from 'node:path';
import { type Config, configFields, parseConfig } from '../config/index.js';
import { UserError } from '../fx/error.js';
import { isThere } from '../fx/folder.js';

/** `field is 1 there, 2 here` for every field in which two configurations differ, but for those that do not matter. */
export const configDifferences = (
  there: Config,
  here: Config,
  places: { readonly there: string; readonly here: string },
  besides: readonly string[] = [],
): string[] => {
  const other = new Map<string, unknown>(Object.entries(configFields(there)));
  const mine = new Map<string, unknown>(Object.entries(configFields(here)));
  return [...new Set([...mine.keys(), ...other.keys()])].flatMap((field) => {
    const [a, b] = [other, mine].map((fields) => JSON.stringify(fields.get(field)) ?? 'not set');
    return besides.includes(field) || a === b ? [] : [`${field} is ${a} ${places.there}, ${b} ${places.here}`];
  });
};

/** What a command is about to put in a folder's place. */
export interface Replacement {
  readonly target: string;
  /** the configuration in the folder; called only where there is one */
  readonly there: () => unknown;
  readonly here: Config;
  /** fields that change nothing in such a folder */
  readonly besides: readonly string[];
  /** how to put it elsewhere, for the message */
  readonly elsewhere: string;
}

const differencesIn = ({ there, here, besides }: Replacement): string[] => {
  try {
    return configDifferences(parseConfig(there()), here, { there: 'there', here: 'here' }, besides);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return [`the configuration there can't be read (${error.message})`];
  }
};

/** @throws UserError if the folder holds the work of another configuration */
export const requireSameDesign = (replacement: Replacement): void => {
  const { target, elsewhere } = replacement;
  if (!isThere(target)) return;
  const found = differencesIn(replacement);
  if (found.length === 0) return;
  throw new UserError(
    `${target} holds another configuration: ${found.join('; ')}; ${elsewhere}, or replace it with --force`,
    { field: target },
  );
};

/** A path with all symbolic links followed, as far as it exists. */
const realPath = (path: string): string =>
  isThere(path) || dirname(path) === path ? realpathSync(path) : join(realPath(dirname(path)), basename(path));

/** @throws UserError if one folder is the other, or lies in it */
export const requireApart = (
  first: { readonly target: string; readonly option: string },
  second: { readonly target: string; readonly option: string },
): void => {
  const [a, b] = [first, second].map(({ target }) => realPath(resolve(target)));
  if (a !== b && !a.startsWith(b + sep) && !b.startsWith(a + sep)) return;
  throw new UserError(
    `${first.option} and ${second.option} lead to the same place: ${first.target} and ${second.target}; give them folders of their own`,
    { field: second.option },
  );
};
