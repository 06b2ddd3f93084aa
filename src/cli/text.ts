/** `1234567` as `1,234,567` */
export const grouped = (value: number): string => value.toLocaleString('en-US');

/** `1 sample`, `2 samples` */
export const counted = (count: number, thing: string): string => `${grouped(count)} ${thing}${count === 1 ? '' : 's'}`;

export const json = (value: unknown): string => JSON.stringify(value, null, 2);

/** `0.9735` as `97.35 %` */
export const percent = (share: number): string => `${(100 * share).toFixed(2)} %`;

/** A word of a command line as a shell takes it: quoted where it has to be. */
export const shellWord = (word: string): string =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
