/** A token of SystemVerilog code; comments, space and compiler directives are none. */
export interface Token {
  readonly kind: 'word' | 'number' | 'symbol' | 'string';
  readonly text: string;
  readonly start: number;
  readonly end: number;
  /** brackets of each kind that are open around it */
  readonly depth: number;
  readonly role: Role;
}

/**
 * What part of the code a token belongs to: the `interface` of a module (parameters and ports), what is declared with its
 * `range`, `static` code that only decides what is built, `unused` code that only quiets a linter, or the rest: `code`.
 */
export type Role = 'interface' | 'range' | 'static' | 'unused' | 'code';

const PATTERN =
  /(?<skip>\/\/[^\n]*|\/\*[\s\S]*?\*\/|`[^\n]*|\s+)|(?<string>"[^"\n]*")|(?<number>\d+'s?[bdh][0-9a-fA-F_xz]+|'[01](?!\d)|\d[\d_]*)|(?<word>[A-Za-z_$][\w$]*)|(?<symbol><<<|>>>|\*\*|&&|\|\||==|!=|<=|>=|<<|>>|\+:|-:|\+\+|--|::|[^\s\w])/gy;

const OPEN = new Set(['(', '[', '{']);
const CLOSE = new Set([')', ']', '}']);
const DECLARES = new Set(['wire', 'logic', 'localparam', 'input', 'output', 'function']);

const scan = (text: string): Omit<Token, 'role'>[] => {
  const tokens: Omit<Token, 'role'>[] = [];
  let depth = 0;
  for (const match of text.matchAll(PATTERN)) {
    const { skip, ...kinds } = match.groups as Record<string, string | undefined>;
    if (skip !== undefined) continue;
    const [kind] = (['string', 'number', 'word', 'symbol'] as const).filter((name) => kinds[name] !== undefined);
    const token = match[0];
    if (CLOSE.has(token)) depth--;
    tokens.push({ kind, text: token, start: match.index, end: match.index + token.length, depth });
    if (OPEN.has(token)) depth++;
  }
  return tokens;
};

interface Placed {
  readonly text: string;
  readonly depth: number;
}

/** Index of the first token from `from` on that is one of these, outside all brackets that open after `from`; or -1. */
export const find = (tokens: readonly Placed[], from: number, depth: number, wanted: ReadonlySet<string>): number => {
  for (let at = from; at < tokens.length; at++)
    if (tokens[at].depth === depth && wanted.has(tokens[at].text)) return at;
  return -1;
};

/** Index of the bracket that closes the one at `open`. */
export const closing = (tokens: readonly Placed[], open: number): number =>
  find(tokens, open + 1, tokens[open].depth, CLOSE);

const STATEMENT_ENDS = new Set([';', 'begin', 'end', 'else']);

/** The statement that begins at `from` ends before this index: after its `;`, or after `begin`, `else`, `end`. */
const statementEnd = (tokens: readonly Placed[], from: number): number => {
  const end = find(tokens, from, tokens[from].depth, STATEMENT_ENDS);
  return end < 0 ? tokens.length : end + 1;
};

/** How wide something is: more is room, not a fault. The package's mutants take widths that are too narrow. */
const WIDTH = /^(WIDE|OPERAND|STEP|WE|AE|\w+_BITS)$/;

/** The tokens of a module with the part each belongs to. */
export const tokenise = (text: string): Token[] => {
  const raw = scan(text);
  const roles: Role[] = raw.map(() => 'code');
  const mark = (from: number, to: number, role: Role): void => {
    for (let at = from; at < to; at++) roles[at] = role;
  };
  for (let at = 0; at < raw.length; ) {
    // the name of a block
    if (raw[at].text === ':' && raw[at - 1]?.text === 'begin') at += 2;
    const end = statementEnd(raw, at);
    const statement = raw.slice(at, end);
    const { text: first } = raw[at];
    if (first === 'module') mark(at, end, 'interface');
    else if (statement.some((token) => token.text.startsWith('unused') || token.text === 'initial'))
      mark(at, end, 'unused');
    else if (first === 'for' && raw[at + 2]?.text === 'genvar') mark(at, end, 'static');
    else if (first === 'localparam' && WIDTH.test(raw[at + 2]?.text ?? '')) mark(at, end, 'static');
    else {
      if (DECLARES.has(first)) {
        const value = statement.findIndex((token) => token.text === '=' && token.depth === raw[at].depth);
        const names = value < 0 ? end : at + value;
        mark(at, names, 'range');
      }
      if (first === 'if' && raw[end]?.text === ':') mark(at, end, 'static');
    }
    at = end;
  }
  return raw.map((token, at) => ({ ...token, role: roles[at] }));
};
