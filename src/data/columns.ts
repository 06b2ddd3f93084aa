import { UserError } from '../fx/error.js';
import { isMissing, isNumber } from './numbers.js';

/** What a spreadsheet's columns hold. */
export interface Columns {
  /** the first line holds names */
  readonly header: boolean;
  readonly names?: readonly string[];
  /** index of the label's column */
  readonly label: number;
}

/** Names by which the label's column is known. */
const LABEL = /^(label|class|target|species|y)$/i;

const isText = (text: string): boolean => !isNumber(text) && !isMissing(text);

const quoted = (texts: readonly string[]): string => texts.map((text) => `"${text}"`).join(', ');

/**
 * Whether the first line holds names: every column's first text is one, but for those that hold text all along; names that
 * are numbers (of pixels, say) need a label column that is known by its name. Rows' numbers may lack one, as pandas writes them.
 */
const hasHeader = (first: readonly string[], second: readonly string[] | undefined, file: string): boolean => {
  const texts = first.filter(isText).length;
  if (second === undefined) return texts > 1;
  const turned = first.filter((text, at) => isText(text) && isNumber(second[at] ?? ''));
  if (turned.length === 0) return texts === first.length && first.some((text) => LABEL.test(text));
  if (first.every((text) => isText(text) || text === '') || first.some((text) => LABEL.test(text))) return true;
  throw new UserError(
    `${file}: line 1 is neither names nor values: it has ${quoted(turned.slice(0, 3))} beside numbers; correct it`,
    { field: file },
  );
};

const labelAt = (
  columns: readonly string[],
  names: readonly string[] | undefined,
  wanted: string,
  file: string,
): number => {
  const fail = (text: string): never => {
    throw new UserError(`label: is "${wanted}", ${text}`, { field: 'label' });
  };
  const named = names?.flatMap((name, at) => (name === wanted ? [at] : [])) ?? [];
  if (named.length > 1) return fail(`which ${named.length} columns of ${file} are called; give its number, from 1`);
  if (named.length === 1) return named[0];
  if (/^\d+$/.test(wanted)) {
    const at = Number(wanted);
    return at >= 1 && at <= columns.length ? at - 1 : fail(`must be a column 1..${columns.length} of ${file}`);
  }
  return fail(
    names === undefined
      ? `but the columns of ${file} have no names; give its number, from 1`
      : `must be a column of ${file}: ${names.slice(0, 20).join(', ')}`,
  );
};

const DECIMAL_COMMA = /^[+-]?\d+,\d+$/;

/**
 * What the columns of a file hold, by its first lines. The label's is the one `wanted`; else the only one that a label's name
 * has, else the only one that holds text, else the first.
 * @param wanted name or number (from 1) of the label's column
 * @throws UserError where that is not clear
 */
export const columnsOf = (
  first: readonly string[],
  second: readonly string[] | undefined,
  wanted: string | undefined,
  file: string,
): Columns => {
  const header = hasHeader(first, second, file);
  const values = header ? (second ?? first) : first;
  const names = header ? { names: first.map((name, at) => name || `column ${at + 1}`) } : {};
  const column = (label: number): Columns => ({ header, ...names, label });
  if (wanted !== undefined) return column(labelAt(first, header ? first : undefined, wanted, file));
  const known = header ? first.flatMap((name, at) => (LABEL.test(name) ? [at] : [])) : [];
  if (known.length === 1) return column(known[0]);
  const comma = values.find((text) => DECIMAL_COMMA.test(text));
  if (comma !== undefined) {
    throw new UserError(
      `${file}: has "${comma}"; write decimals with a point, or name the label's column with --label`,
      {
        field: file,
      },
    );
  }
  const texts = values.flatMap((text, at) => (isText(text) ? [at] : []));
  if (texts.length > 1 && second === undefined) {
    throw new UserError(`${file}: holds no samples, must hold at least one below the names of its columns`, {
      field: file,
    });
  }
  if (texts.length > 1) {
    const shown = texts.map((at) => (header ? first[at] : String(at + 1))).slice(0, 20);
    throw new UserError(
      `${file}: columns ${shown.join(', ')} hold text, only the label's may; name it with --label and write the others as numbers`,
      { field: 'label' },
    );
  }
  return column(texts[0] ?? 0);
};
