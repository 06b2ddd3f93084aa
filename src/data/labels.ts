import { UserError } from '../fx/error.js';
import { isNumber } from './numbers.js';
import type { Table } from './table.js';

/** What the labels of a file mean. */
export interface Classes {
  /** the classes' names, in the order of the outputs; without them, label k is class k */
  readonly names?: readonly string[];
  /** the classes of a table's samples */
  readonly of: (table: Table) => Uint16Array;
}

const WHOLE = /^[+-]?\d+(\.0*)?$/;

/** `3.0` and `+3` are `3`. */
const plain = (text: string): string => (WHOLE.test(text) ? String(Number(text)) : text);

const shown = (names: readonly string[]): string =>
  names.length > 12 ? `${names.slice(0, 12).join(', ')} and ${names.length - 12} more` : names.join(', ');

const mapped = (names: readonly string[], table: Table): Uint16Array => {
  const { codes, texts } = table.labels;
  const classes = texts.map((text) => names.indexOf(plain(text)));
  return Uint16Array.from(codes, (code, n) => {
    if (classes[code] >= 0) return classes[code];
    const text = `${table.placeOf(n)} has the label "${texts[code]}", must be one of ${shown(names)}`;
    throw new UserError(`${table.labels.file}: ${text}; correct it or change classes`, { field: 'classes' });
  });
};

/** @throws UserError for labels that do not say which class they mean */
const namesOfNumbers = (
  numbers: readonly number[],
  outputs: number,
  { labels, placeOf }: Table,
): readonly string[] | undefined => {
  const [least, most] = [numbers[0], numbers[numbers.length - 1]];
  if (least >= 0 && most < outputs) return undefined;
  const follow = most - least + 1 === numbers.length && numbers.length <= outputs;
  if (follow || numbers.length === outputs) return numbers.map(String);
  const wrong = numbers.find((n) => n < 0 || n >= outputs);
  const code = labels.texts.findIndex((text) => plain(text) === String(wrong));
  const other = labels.column === undefined ? '' : `, name another column than ${labels.column} (--label)`;
  const place = code < 0 ? '' : `${placeOf(labels.codes.indexOf(code))} has `;
  throw new UserError(
    `${labels.file}: ${place}the label ${wrong}, must be 0..${outputs - 1}; correct it${other}, give the last layer more neurons, or list the labels in classes`,
    { field: labels.file },
  );
};

/**
 * What labels mean to a network of `outputs` classes: whole numbers below it are the classes themselves; numbers that follow one
 * another from anywhere, or as many as there are outputs, and texts are classes in ascending order.
 * @param given the classes' names, in the order of the outputs
 * @throws UserError for more labels than outputs, numbers that are not whole, labels that are not in `given`
 */
export const classesOf = (tables: readonly Table[], outputs: number, given?: readonly string[]): Classes => {
  const [first] = tables;
  const texts = [...new Set(tables.flatMap(({ labels }) => labels.texts.map(plain)))];
  const named = (names: readonly string[]): Classes => ({ names, of: (table) => mapped(names, table) });
  if (given !== undefined) return named(given.map(plain));
  if (texts.every((text) => WHOLE.test(text))) {
    const names = namesOfNumbers(
      texts.map(Number).sort((a, b) => a - b),
      outputs,
      first,
    );
    if (names !== undefined) return named(names);
    return { of: ({ labels }) => Uint16Array.from(labels.codes, (code) => Number(labels.texts[code])) };
  }
  const fraction = texts.find(isNumber);
  if (fraction !== undefined && texts.every(isNumber)) {
    const odd = texts.find((text) => !WHOLE.test(text));
    throw new UserError(
      `${first.labels.file}: has ${odd} as a label, must be a whole number or a name; name the label's column with --label`,
      { field: 'label' },
    );
  }
  if (texts.length > outputs) {
    throw new UserError(
      `${first.labels.file}: has ${texts.length} classes (${shown(texts.sort())}), but the last layer has ${outputs} neurons; give it ${texts.length}`,
      { field: 'layers' },
    );
  }
  return named(texts.sort());
};

/** A sentence for each class that no sample of the training part has. */
export const absentClasses = (labels: Uint16Array, outputs: number, names?: readonly string[]): string[] => {
  const present = new Set(labels);
  const absent = Array.from({ length: outputs }, (_, c) => c).filter((c) => !present.has(c));
  if (absent.length === 0) return [];
  const list = shown(absent.map((c) => (names?.[c] === undefined ? String(c) : `${c} (${names[c]})`)));
  return [
    `no training sample of ${absent.length === 1 ? 'class' : 'classes'} ${list}: the network learns that ${absent.length === 1 ? 'it' : 'they'} never ${absent.length === 1 ? 'occurs' : 'occur'}`,
  ];
};
