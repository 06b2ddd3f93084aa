import type { Mutant } from './mutant.js';

// The package is tables and sizes: its mutants change a value by name, whatever it is in a design.

const CONSTANT = /^ {2}localparam int (\w+) = (\d+);$/gm;
const FLAG = /^ {2}localparam bit (\w+) = 1'b[01];$/gm;
const TABLE = /^ {2}localparam logic \[LAYERS\*(?!32)\S+ (\w+) = \{ .* \};$/gm;
const PASS = /^ {4}\{ .*, 5'b([01]{5}), .* \},? {2}\/\/ (\d+): (\w+ \d+)/gm;

const names = (text: string, pattern: RegExp): string[] => [...text.matchAll(pattern)].map(([, name]) => name);

const change = (pattern: RegExp, by: (value: string) => string | null) => (text: string) => {
  const match = pattern.exec(text);
  const value = match?.groups?.value;
  const changed = value === undefined ? null : by(value);
  if (!match || value === undefined || changed === null) return null;
  const at = match.indices?.groups?.value[0] ?? 0;
  return text.slice(0, at) + changed + text.slice(at + value.length);
};

const add =
  (by: number, least = 0) =>
  (value: string): string | null => {
    const [, size, digits] = /^(?:(\d+)'d)?(\d+)$/.exec(value) ?? [];
    const sum = Number(digits) + by;
    if (sum < least || (size !== undefined && sum >= 2 ** Number(size))) return null;
    return size === undefined ? String(sum) : `${size}'d${sum}`;
  };

/** A mask of what a pass waits for, less `wait`. */
const without = (wait: string) => (value: string) => {
  const at = 3 + WAITS.indexOf(wait);
  return value[at] === '1' ? `${value.slice(0, at)}0${value.slice(at + 1)}` : null;
};

const flip = (value: string): string => `1'b${1 - Number(value.at(-1))}`;

/** Where a table, its last layer first, has the value of a layer. */
const FIRST = "\\{ (?:.*, )?(?<value>\\d+'d\\d+) \\};";
const LAST = "\\{ (?<value>\\d+'d\\d+)(?:, .*)? \\};";

const WAITS = ['softmax', 'errors', 'writes', 'sums', 'result'];

/** Sizes of which one more is room, not a fault. */
const ROOM = /^(?!WEIGHT|ACTIVATION|ERROR|RANDOM)\w+_BITS$|^(PASSES|DEPTH|SLOTS|HIDDEN_SLOTS|HIDDEN_LIST)$/;

/** Limits that only a check at elaboration uses. */
const CHECKED = /_SHIFT_MAX$/;

/** Tables of hidden layers: nobody asks them for the last layer. */
const HIDDEN = new Set(['LIST_BASES', 'FORWARD_SHIFTS', 'BACK_SHIFTS']);

/** Every mutant of a design's package: sizes and table entries one off, flags inverted, a seed changed. */
export const packageMutants = (text: string): Mutant[] => {
  const mutant = (kind: string, name: string, description: string, apply: Mutant['apply']): Mutant => ({
    id: `pkg/${kind}/${name}`,
    module: 'pkg',
    description,
    apply,
  });
  const constants = names(text, CONSTANT)
    .filter((name) => !CHECKED.test(name))
    .flatMap((name) =>
      (ROOM.test(name) ? [-1] : [1, -1]).map((by) =>
        mutant(
          by > 0 ? 'more' : 'less',
          name,
          `${name} is one too ${by > 0 ? 'high' : 'low'}`,
          change(new RegExp(`^ {2}localparam int ${name} = (?<value>\\d+);`, 'dm'), add(by, 1)),
        ),
      ),
    );
  const flags = names(text, FLAG).map((name) =>
    mutant(
      'flag',
      name,
      `${name} is inverted`,
      change(new RegExp(`^ {2}localparam bit ${name} = (?<value>1'b[01]);`, 'dm'), flip),
    ),
  );
  const tables = names(text, TABLE).flatMap((name) =>
    (HIDDEN.has(name) ? [FIRST] : [FIRST, LAST]).flatMap((label) =>
      [1, -1].map((by) =>
        mutant(
          `${label === LAST ? 'last' : 'first'}-${by > 0 ? 'more' : 'less'}`,
          name,
          `${name} of the ${label === LAST ? 'last' : 'first'} layer is one too ${by > 0 ? 'high' : 'low'}`,
          change(new RegExp(`^ {2}localparam logic \\S+ ${name} = ${label}$`, 'dm'), add(by)),
        ),
      ),
    ),
  );
  const waits = [...text.matchAll(PASS)].flatMap(([, mask, index, pass]) =>
    WAITS.filter((_, at) => mask[at] === '1').map((wait) =>
      mutant(
        'waits',
        `${pass.replace(' ', '-')}-${wait}`,
        `${pass} does not wait for ${wait}`,
        change(new RegExp(`^ {4}\\{ .*, (?<value>5'b[01]{5}), .*// ${index}: `, 'dm'), without(wait)),
      ),
    ),
  );
  return [...constants, ...flags, ...tables, ...waits];
};
