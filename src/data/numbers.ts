/** A number as spreadsheets and programs write it. */
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/** What stands for a missing value. */
const MISSING: ReadonlySet<string> = new Set(['', '?', 'na', 'n/a', '#n/a', 'nan', 'null', 'none', 'nil', '-']);

export const isMissing = (text: string): boolean => MISSING.has(text.toLowerCase());

export const isNumber = (text: string): boolean => NUMBER.test(text);

const ZERO = 48;

/** The number that a text stands for; NaN for none. Short whole numbers are quick. */
export const numberOf = (text: string): number => {
  if (text.length > 0 && text.length <= 3) {
    let value = 0;
    let at = 0;
    for (; at < text.length; at++) {
      const digit = text.charCodeAt(at) - ZERO;
      if (digit < 0 || digit > 9) break;
      value = 10 * value + digit;
    }
    if (at === text.length) return value;
  }
  return NUMBER.test(text) ? Number(text) : Number.NaN;
};

/** A list of numbers that grows: bytes for as long as all are whole numbers 0..255. */
export const growing = (room: number) => {
  let values: Uint8Array | Float64Array = new Uint8Array(room);
  let length = 0;
  const moved = <T extends Uint8Array | Float64Array>(to: T): T => {
    to.set(values.subarray(0, length));
    return to;
  };
  return {
    push: (v: number): void => {
      if (values instanceof Uint8Array && (v < 0 || v > 255 || !Number.isInteger(v) || Object.is(v, -0))) {
        values = moved(new Float64Array(values.length));
      }
      if (length === values.length) {
        const more = Math.ceil(length * 1.5) + 1024;
        values = moved(values instanceof Uint8Array ? new Uint8Array(more) : new Float64Array(more));
      }
      values[length++] = v;
    },
    all: (): Uint8Array | Float64Array => values.subarray(0, length),
  };
};
