import Papa from 'papaparse';
import { isUtf16 } from '../files/index.js';
import { UserError } from '../fx/error.js';
import { type Columns, columnsOf } from './columns.js';
import { chunksOf } from './file.js';
import { growing, isMissing, numberOf } from './numbers.js';
import { finish, type Reading } from './reading.js';
import { labelCodes, type OnRead, requireSamples, type Table } from './table.js';

export interface CsvOptions {
  /** the label's column: its name, or its number from 1; default: the one that shows, else the first */
  readonly label?: string;
  readonly onRead?: OnRead;
}

/** A line's values, and the number of the line, from 1. */
interface Row {
  readonly values: readonly string[];
  readonly line: number;
}

const textOf = (file: string, bytes: Iterable<Uint8Array>): Iterable<string> => ({
  *[Symbol.iterator]() {
    const decoder = new TextDecoder('utf-8', { fatal: true });
    let held = '';
    let first = true;
    for (const chunk of bytes) {
      if (first && isUtf16(chunk)) {
        throw new UserError(`${file}: is UTF-16 text; save it as CSV in UTF-8`, { field: file });
      }
      first = false;
      let text: string;
      try {
        text = held + decoder.decode(chunk, { stream: true });
      } catch (cause) {
        throw new UserError(`${file}: is not UTF-8 text; save it as CSV in UTF-8`, { field: file, cause });
      }
      // a return at the end may belong to a newline that is still to come
      held = text.endsWith('\r') ? '\r' : '';
      yield text.slice(0, text.length - held.length).replace(/\r\n?/g, '\n');
    }
    if (held !== '') yield '\n';
  },
});

/** Characters of a line that no sample comes near. */
const LONGEST_LINE = 2 ** 22;

const newlinesIn = (text: string): number => text.split('\n').length - 1;

/** The rows of a CSV text, empty lines left out, a part of the text at a time. */
function* rowsOf(file: string, texts: Iterable<string>): Generator<readonly Row[]> {
  let parser: Papa.Parser | undefined;
  let rest = '';
  let line = 1;
  const parse = (last: boolean): Row[] => {
    parser ??= new Papa.Parser({
      delimiter: Papa.parse(rest.slice(0, 2 ** 16), { preview: 10 }).meta.delimiter,
      newline: '\n',
    });
    const { data, errors, meta }: Papa.ParseResult<string[]> = parser.parse(rest, 0, !last);
    const rows = data.flatMap((fields): Row[] => {
      const at = line;
      line +=
        1 +
        (fields.some((field) => field.includes('\n')) ? fields.reduce((sum, field) => sum + newlinesIn(field), 0) : 0);
      const values = fields.map((field) => field.trim());
      return values.length === 1 && values[0] === '' ? [] : [{ values, line: at }];
    });
    if (errors.length > 0 && (last || errors[0].code !== 'MissingQuotes')) {
      throw new UserError(`${file}: quotes do not match near line ${line}; correct them`, { field: file });
    }
    rest = rest.slice(meta.cursor);
    if (rest.length > LONGEST_LINE) {
      const text = `line ${line} has more than ${LONGEST_LINE} characters; is it a CSV, and are its quotes closed?`;
      throw new UserError(`${file}: ${text}`, { field: file });
    }
    return rows;
  };
  for (const text of texts) {
    rest += text;
    yield parse(false);
  }
  yield parse(true);
}

/** The lines of samples: most follow one another, so that only the others need to be kept. */
const lineNumbers = () => {
  const jumps: { readonly sample: number; readonly line: number }[] = [];
  let count = 0;
  let next = 0;
  return {
    push: (line: number): void => {
      if (line !== next) jumps.push({ sample: count, line });
      next = line + 1;
      count++;
    },
    count: (): number => count,
    of: (sample: number): number => {
      const last = jumps.findLast((jump) => jump.sample <= sample);
      return last === undefined ? sample + 1 : last.line + sample - last.sample;
    },
  };
};

const LIST_SIZE = 3;

/**
 * Reads samples from CSV, a sample a line: one column is the label, all others are features. Any delimiter of spreadsheets,
 * quotes, byte-order marks, a first line of names and empty lines are understood.
 * It pauses after each part of the file.
 * @throws UserError naming the line: a missing value, a text among the features, a wrong number of values, no samples
 */
export function* csvReading(file: string, { label, onRead }: CsvOptions = {}): Reading<Table> {
  const chunks = chunksOf(file, (done, total) => onRead?.(done, total, 'bytes'));
  const fail = (text: string): never => {
    throw new UserError(`${file}: ${text}`, { field: file });
  };
  const places = lineNumbers();
  const codes = growing(2 ** 16);
  const known = labelCodes();
  const values = growing(2 ** 16);
  let columns: Columns | undefined;
  let width = 0;

  const what = (at: number): string => columns?.names?.[at] ?? `column ${at + 1}`;

  const add = ({ values: texts, line }: Row, { label: labelColumn }: Columns): void => {
    if (texts.length !== width) {
      fail(`line ${line} has ${texts.length} values, must have ${width} like line 1; correct it`);
    }
    for (let at = 0; at < width; at++) {
      const text = texts[at];
      if (at !== labelColumn) {
        const value = numberOf(text);
        if (!Number.isFinite(value)) refuseValue(text, line, at);
        values.push(value);
      } else if (isMissing(text)) fail(`line ${line} has no value (${what(at)}); fill it in or remove the line`);
      else codes.push(known.codeOf(text));
    }
    places.push(line);
  };

  const refuseValue = (text: string, line: number, at: number): never => {
    if (isMissing(text)) return fail(`line ${line} has no value (${what(at)}); fill it in or remove the line`);
    const fix = /^[+-]?\d+,\d+$/.test(text)
      ? 'write decimals with a point'
      : 'correct it, or name the label with --label';
    return fail(`line ${line} has "${text.slice(0, 20)}" as ${what(at)}, must be a number; ${fix}`);
  };

  let pending: Row[] = [];
  const begin = (): void => {
    const [first, second] = pending;
    columns = columnsOf(first.values, second?.values, label, file);
    width = first.values.length;
    if (width < 2) {
      fail(
        `line ${first.line} has one value, must have a label and at least one feature, with commas, semicolons, tabs or bars between them`,
      );
    }
    for (const row of columns.header ? pending.slice(1) : pending) add(row, columns);
    pending = [];
  };
  for (const rows of rowsOf(file, textOf(file, chunks))) {
    if (columns !== undefined) for (const row of rows) add(row, columns);
    else {
      pending = pending.concat(rows);
      if (pending.length > LIST_SIZE) begin();
    }
    yield;
  }
  if (columns === undefined && pending.length > 0) begin();
  const { names, label: labelColumn } = columns ?? { label: 0 };
  return requireSamples({
    file,
    count: places.count(),
    inputs: Math.max(0, width - 1),
    values: values.all(),
    labels: { file, column: what(labelColumn), codes: Int32Array.from(codes.all()), texts: known.texts },
    ...(names !== undefined && { names: names.filter((_, at) => at !== labelColumn) }),
    placeOf: (n) => `line ${places.of(n)}`,
  });
}

/** Reads samples from CSV at one go. @throws UserError as {@link csvReading} */
export const readCsv = (file: string, options: CsvOptions = {}): Table => finish(csvReading(file, options));
