import { closing, find, type Token } from './tokens.js';

/** A change of the characters from `start` to `end`. */
export interface Edit {
  readonly operator: OperatorName;
  readonly start: number;
  readonly end: number;
  readonly to: string;
  readonly description: string;
}

/** The tokens of a module, its text and the names it declares. */
export interface Source {
  readonly text: string;
  readonly tokens: readonly Token[];
  readonly names: ReadonlySet<string>;
}

interface Change {
  /** first token changed, and the one after the last */
  readonly from: number;
  readonly to: number;
  readonly by: string;
  readonly description: string;
}

/** Every change that a mutation operator makes at one token. */
type Operator = (source: Source, at: number) => readonly Change[];

const one = (at: number, by: string, description: string): Change => ({ from: at, to: at + 1, by, description });

const textOf = ({ text, tokens }: Source, from: number, to: number): string =>
  text.slice(tokens[from].start, tokens[to - 1].end);

/** Index after the operand that begins at `from`, an expression that ends where its surroundings go on. */
const after = ({ tokens }: Source, from: number, stops: ReadonlySet<string>): number => {
  const { depth } = tokens[from];
  let at = from;
  while (at < tokens.length && tokens[at].depth >= depth && !(tokens[at].depth === depth && stops.has(tokens[at].text)))
    at++;
  return at;
};

/** Index of the first token of the operand that ends before `to`. */
const before = ({ tokens }: Source, to: number, stops: ReadonlySet<string>): number => {
  const { depth } = tokens[to];
  let at = to;
  while (at > 0) {
    const previous = tokens[at - 1];
    if (previous.depth < depth || (previous.depth === depth && stops.has(previous.text))) return at;
    at--;
  }
  return at;
};

const ENDS = [';', ',', '?', ':', '=', 'begin', 'end', 'else', 'if', 'for', 'case'];
const LOGICAL = new Set([...ENDS, '&&', '||', '<=']);
const VALUED = new Set(['=', ';', ',']);
const SEMICOLON = new Set([';']);
const CONDITION = new Set([...ENDS, '<=']);

const table =
  (swaps: Readonly<Record<string, readonly string[]>>): Operator =>
  ({ tokens }, at) =>
    (Object.hasOwn(swaps, tokens[at].text) ? swaps[tokens[at].text] : []).map((by) =>
      one(at, by, `${tokens[at].text} becomes ${by}`),
    );

/** Binary only: a sign or a reduction has no operand before it. */
const binary = ({ tokens }: Source, at: number): boolean => {
  const previous = tokens[at - 1];
  return previous.kind !== 'symbol' ? previous.text !== 'return' : /^[)\]}]$/.test(previous.text);
};

const BINARY: Readonly<Record<string, readonly string[]>> = {
  '+': ['-'],
  '-': ['+'],
  '*': ['+'],
  '&': ['|'],
  '|': ['&'],
  '^': ['|'],
  '<<': ['>>'],
  '>>': ['<<'],
  '>>>': ['>>', '<<<'],
  '<<<': ['>>>'],
};

const number = (text: string): { readonly width: number | null; readonly value: number } | null => {
  const sized = /^(\d+)'d(\d+)$/.exec(text);
  if (sized) return { width: Number(sized[1]), value: Number(sized[2]) };
  return /^\d+$/.test(text) ? { width: null, value: Number(text) } : null;
};

const neighbours = (text: string): string[] => {
  const bit = /^1'b([01])$/.exec(text);
  if (bit) return [`1'b${1 - Number(bit[1])}`];
  const fill = /^'([01])$/.exec(text);
  if (fill) return [`'${1 - Number(fill[1])}`];
  const pair = /^2'b([01])([01])$/.exec(text);
  if (pair) return [`2'b${1 - Number(pair[1])}${pair[2]}`, `2'b${pair[1]}${1 - Number(pair[2])}`];
  const value = number(text);
  if (value === null) return [];
  const { width } = value;
  const close = [value.value + 1, value.value - 1].filter((v) => v >= 0 && (width === null || v < 2 ** width));
  return close.map((v) => (width === null ? String(v) : `${width}'d${v}`));
};

/** Start of the assignment's statement if `at` is the operator of one, else null. */
const assignmentStart = (source: Source, at: number): number | null => {
  const { tokens } = source;
  if (tokens[at].text !== '<=' && tokens[at].text !== '=') return null;
  const start = before(source, at, new Set([';', 'begin', 'end', 'else', ')', ':']));
  const declares = tokens.slice(start, at).some(({ text }) => /^(wire|logic|localparam|assign|int|genvar)$/.test(text));
  return declares ? null : start;
};

/** Whether the token stands on the left side of an assignment, or is declared there. */
const written = ({ tokens }: Source, at: number): boolean => {
  let next = at + 1;
  while (tokens[next]?.text === '[') next = closing(tokens, next) + 1;
  const previous = tokens[at - 1]?.text;
  return ['=', '<='].includes(tokens[next]?.text) || previous === '.' || previous === 'logic' || previous === 'wire';
};

const isUse = (source: Source, at: number): boolean =>
  source.tokens[at].kind === 'word' && !written(source, at) && source.tokens[at - 1]?.text !== '::';

/** Replaces a name by another that the module knows. */
const rename =
  (others: (name: string) => readonly string[], what: string): Operator =>
  (source, at) =>
    isUse(source, at)
      ? others(source.tokens[at].text)
          .filter((name) => source.names.has(name))
          .map((name) => one(at, name, `${what}: ${source.tokens[at].text} becomes ${name}`))
      : [];

const stages = (name: string): string[] => {
  const match = /^(.*_s)(\d)(_i)?$/.exec(name);
  return match ? [1, -1].map((by) => `${match[1]}${Number(match[2]) + by}${match[3] ?? ''}`) : [];
};

const twins = (name: string): string[] => {
  const match = /^(.*?[a-z])([01])(_\w+)?$/.exec(name);
  return match && !/_s$/.test(match[1]) ? [`${match[1]}${1 - Number(match[2])}${match[3] ?? ''}`] : [];
};

const registers = (name: string): string[] =>
  name.endsWith('_q') ? [name.replace(/_q$/, '_d')] : name.endsWith('_d') ? [name.replace(/_d$/, '_q')] : [];

/** Elements of the list in brackets that opens at `open`: [first token, the one after the last] each. */
const elements = (source: Source, open: number): [number, number][] => {
  const end = closing(source.tokens, open);
  const found: [number, number][] = [];
  for (let from = open + 1; from < end; ) {
    const to = after(source, from, new Set([',']));
    found.push([from, to]);
    from = to + 1;
  }
  return found;
};

const OPERATORS = {
  // A slice [N-1:0] that grows is cut again by what takes it.
  arithmetic: (source, at) =>
    binary(source, at) && source.tokens[at + 4]?.text !== ']' ? table(BINARY)(source, at) : [],

  comparison: table({ '==': ['!='], '!=': ['=='], '<': ['<=', '>='], '>': ['>=', '<='], '>=': ['>', '<'] }),

  logic: table({ '&&': ['||'], '||': ['&&'] }),

  // One operand of && or || is ignored: a condition forgotten.
  operand: (source, at) => {
    const { text } = source.tokens[at];
    if (text !== '&&' && text !== '||') return [];
    const from = before(source, at, LOGICAL);
    const to = after(source, at + 1, LOGICAL);
    return [
      { from: at, to, by: '', description: `without ${text} ${textOf(source, at + 1, to)}` },
      { from, to: at + 1, by: '', description: `without ${textOf(source, from, at)} ${text}` },
    ];
  },

  negation: ({ tokens }, at) => (/^[!~]$/.test(tokens[at].text) ? [one(at, '', `${tokens[at].text} is lost`)] : []),

  condition: (source, at) => {
    const { tokens } = source;
    if (tokens[at].text !== 'if' || tokens[at + 1].text !== '(') return [];
    const to = closing(tokens, at + 1) + 1;
    const condition = textOf(source, at + 1, to);
    return [
      [`(!${condition})`, 'inverted'],
      [`(${condition} || 1'b1)`, 'always true'],
      [`(${condition} && 1'b0)`, 'never true'],
    ].map(([by, what]) => ({ from: at + 1, to, by, description: `if ${condition}: ${what}` }));
  },

  choice: (source, at) => {
    if (source.tokens[at].text !== '?') return [];
    const from = before(source, at, CONDITION);
    const condition = textOf(source, from, at);
    return [
      { from, to: at, by: `!(${condition})`, description: `the choice by ${condition} is inverted` },
      { from, to: at, by: `(${condition}) || 1'b1`, description: `the choice by ${condition} is always the first` },
      { from, to: at, by: `(${condition}) && 1'b0`, description: `the choice by ${condition} is always the second` },
    ];
  },

  constant: ({ tokens }, at) => {
    const { kind, text } = tokens[at];
    if (kind !== 'number' || tokens[at + 1]?.text === "'") return [];
    return neighbours(text).map((by) => one(at, by, `${text} becomes ${by}`));
  },

  index: (source, at) => {
    const { tokens } = source;
    if (tokens[at].text !== '[' || tokens[at - 1].kind !== 'word' || tokens[at + 2]?.text !== ']') return [];
    const { text, kind } = tokens[at + 1];
    return kind === 'word'
      ? [{ from: at + 1, to: at + 2, by: `${text} + 1'b1`, description: `index ${text} is one too high` }]
      : [];
  },

  stage: rename(stages, 'the wrong stage'),
  twin: rename(twins, 'the other of two'),
  register: rename(registers, 'a cycle off'),

  // The register keeps what it has, or the signal its default.
  statement: (source, at) => {
    const { tokens } = source;
    const start = assignmentStart(source, at);
    if (start === null || tokens[start].role !== 'code') return [];
    const end = find(tokens, at, tokens[at].depth, SEMICOLON);
    return [
      { from: start, to: end + 1, by: 'begin end', description: `${textOf(source, start, end)} does not happen` },
    ];
  },

  // What only passes bits on is left alone: registers, outputs, and values as wide as what they are given to.
  sign: ({ tokens }, at) => {
    const { text } = tokens[at];
    if (text === '$signed') {
      const whole = /^<?=$/.test(tokens[at - 1].text) && tokens[closing(tokens, at + 1) + 1].text === ';';
      return whole ? [] : [one(at, '$unsigned', '$signed becomes $unsigned')];
    }
    if (text !== 'signed') return [];
    const read =
      tokens[at].role === 'interface'
        ? tokens.slice(Math.max(0, at - 3), at).some((token) => token.text === 'input')
        : tokens[find(tokens, at, tokens[at].depth, VALUED)]?.text === '=';
    return read ? [one(at, '', 'no longer signed')] : [];
  },

  swap: (source, at) => {
    const { tokens } = source;
    if (tokens[at].text !== '{' || tokens[at + 1]?.text === '}') return [];
    const parts = elements(source, at);
    return parts.slice(1).map(([from, to], i) => {
      const [first, end] = parts[i];
      const [a, b] = [textOf(source, first, end), textOf(source, from, to)];
      return { from: first, to, by: `${b}, ${a}`, description: `${a} and ${b} change places` };
    });
  },

  // An input of an instance is not connected to what it should be.
  connection: (source, at) => {
    const { tokens } = source;
    if (tokens[at - 1]?.text !== '.' || tokens[at + 1]?.text !== '(' || !/_i$/.test(tokens[at].text)) return [];
    const to = closing(tokens, at + 1);
    const value = textOf(source, at + 2, to);
    return ["'0", "'1"]
      .filter((by) => by !== value)
      .map((by) => ({ from: at + 2, to, by, description: `${tokens[at].text} gets ${by} instead of ${value}` }));
  },

  reset: ({ tokens }, at) =>
    tokens[at].text === 'rst_i' && tokens[at - 1]?.text === '.' && /^[,)]$/.test(tokens[at + 1]?.text)
      ? [one(at, "rst_i(1'b0)", 'rst_i is not connected')]
      : [],
} as const satisfies Readonly<Record<string, Operator>>;

export type OperatorName = keyof typeof OPERATORS;

export const OPERATOR_NAMES = Object.keys(OPERATORS) as OperatorName[];

/** Where an operator may act. Ports are declared signed; all else in an interface is a default that designs override. */
const allowed = (operator: OperatorName, token: Token): boolean =>
  operator === 'sign'
    ? token.role === 'code' || token.role === 'interface' || token.role === 'range'
    : token.role === 'code';

/** All changes that an operator can make to a module. */
export const editsOf = (source: Source, operator: OperatorName): Edit[] =>
  source.tokens.flatMap((token, at) =>
    at > 0 && allowed(operator, token)
      ? OPERATORS[operator](source, at).map(({ from, to, by, description }) => ({
          operator,
          start: source.tokens[from].start,
          end: source.tokens[to - 1].end,
          to: by,
          description: description.replace(/\s+/g, ' '),
        }))
      : [],
  );
