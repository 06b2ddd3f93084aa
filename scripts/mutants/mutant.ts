/** A deliberate fault in the emitted SystemVerilog. */
export interface Mutant {
  /** stable as long as the line it changes stays the same */
  readonly id: string;
  /** `grapes_<module>`, `core` or `pkg` */
  readonly module: string;
  readonly description: string;
  /** The module's text with the fault, or null where this design's text has no place for it. */
  readonly apply: (text: string) => string | null;
}

/** A place in a text that is found again in another design's text of the same module: by its line, not by its offset. */
interface Place {
  readonly line: string;
  /** how many equal lines come before it */
  readonly occurrence: number;
  readonly column: number;
}

const lineStart = (text: string, offset: number): number => text.lastIndexOf('\n', offset - 1) + 1;

const lineAt = (text: string, start: number): string => {
  const end = text.indexOf('\n', start);
  return text.slice(start, end < 0 ? text.length : end);
};

/** Number of the line that holds the character at `offset`, from 1. */
export const lineNumber = (text: string, offset: number): number => text.slice(0, offset).split('\n').length;

/** Offsets at which a text has a line. */
function* linesLike(text: string, line: string): Generator<number> {
  const padded = `\n${text}\n`;
  const wanted = `\n${line}\n`;
  for (let at = padded.indexOf(wanted); at >= 0; at = padded.indexOf(wanted, at + 1)) yield at;
}

export const placeOf = (text: string, offset: number): Place => {
  const start = lineStart(text, offset);
  const line = lineAt(text, start);
  return { line, occurrence: [...linesLike(text, line)].indexOf(start), column: offset - start };
};

/** Offset of a place, or null if the text has no such line. */
export const findPlace = (text: string, { line, occurrence, column }: Place): number | null => {
  const start = [...linesLike(text, line)][occurrence];
  return start === undefined ? null : start + column;
};

/** A change of the characters `from`, which begin at `place`, to `to`. */
export const replaceAt =
  (place: Place, from: string, to: string) =>
  (text: string): string | null => {
    const offset = findPlace(text, place);
    if (offset === null || !text.startsWith(from, offset)) return null;
    return text.slice(0, offset) + to + text.slice(offset + from.length);
  };

/** What a mutant changes, as a person reads a difference: the lines before and after, and where they begin. */
export const difference = (before: string, after: string): { readonly line: number; readonly lines: string[] } => {
  const [a, b] = [before.split('\n'), after.split('\n')];
  let head = 0;
  while (head < a.length && head < b.length && a[head] === b[head]) head++;
  let tail = 0;
  while (tail < a.length - head && tail < b.length - head && a[a.length - 1 - tail] === b[b.length - 1 - tail]) tail++;
  return {
    line: head + 1,
    lines: [
      ...a.slice(head, a.length - tail).map((line) => `- ${line}`),
      ...b.slice(head, b.length - tail).map((line) => `+ ${line}`),
    ],
  };
};
