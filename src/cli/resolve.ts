import { readFileSync } from 'node:fs';
import { type ParseError, parse, printParseErrorCode, visit } from 'jsonc-parser';
import {
  type CellName,
  type Config,
  type Encoding,
  type GrapesMode,
  mergeConfigs,
  type PresetName,
  parseConfig,
  presets,
  type RateStep,
  type RawConfig,
} from '../config/index.js';
import { isUtf16 } from '../files/index.js';
import { asUserError, UserError } from '../fx/error.js';

/** Where a command's configuration comes from: flags override the file, the file overrides the preset. */
export interface ConfigSources {
  readonly preset?: PresetName;
  /** path of a JSON file */
  readonly config?: string;
  readonly name?: string;
  readonly layers?: number[];
  readonly bits?: number;
  readonly lanes?: number;
  readonly seed?: number;
  readonly data?: string;
  readonly label?: string;
  readonly scaling?: RawConfig['scaling'];
  readonly split?: RawConfig['split'];
  readonly constant?: boolean;
  readonly steps?: number;
  readonly encoding?: Encoding;
  readonly cell?: CellName | CellName[];
  readonly recurrent?: boolean;
  readonly mode?: GrapesMode;
  readonly rate?: number | RateStep[];
}

const DEFAULT_PRESET: PresetName = 'mnist';

/** `PropertyNameExpected` as `property name expected` */
const reasonOf = (error: ParseError['error']): string =>
  printParseErrorCode(error)
    .replaceAll(/(?<=.)[A-Z]/g, (letter) => ` ${letter}`)
    .toLowerCase();

/** No file that we read nests as deeply. */
const DEEPEST = 20;

/** Text of a file in UTF-8, without a byte-order mark. @throws UserError naming the file, also for UTF-16 */
const textOf = (file: string): string => {
  try {
    const bytes = readFileSync(file);
    if (isUtf16(bytes)) throw new UserError(`${file}: is UTF-16 text; save it in UTF-8`, { field: file });
    return bytes.toString('utf8').replace(/^\uFEFF/, '');
  } catch (error) {
    throw asUserError(error, file);
  }
};

/**
 * Reads a JSON file that may hold comments and trailing commas.
 * @throws UserError naming the file, and the line and column from which on it is no JSON, or says a thing twice
 */
export const readJson = (file: string): unknown => {
  const text = textOf(file);
  const fail = (what: string, line: number, column: number): never => {
    throw new UserError(
      `${file}: ${what} at line ${line + 1}, column ${column + 1}; \`grapes-hw init\` writes a file to start from`,
      { field: file },
    );
  };
  const fields = new Set<string>();
  visit(
    text,
    {
      onError: (error, _offset, _length, line, column) => fail(`is not JSON (${reasonOf(error)})`, line, column),
      onObjectBegin: (_offset, _length, line, column, path) => {
        if (path().length > DEEPEST) fail('is nested too deeply', line, column);
      },
      onArrayBegin: (_offset, _length, line, column, path) => {
        if (path().length > DEEPEST) fail('is nested too deeply', line, column);
      },
      onObjectProperty: (name, _offset, _length, line, column, path) => {
        const field = JSON.stringify([...path(), name]);
        if (fields.has(field)) fail(`gives ${JSON.stringify(name)} twice`, line, column);
        fields.add(field);
      },
    },
    { allowTrailingComma: true },
  );
  return parse(text, [], { allowTrailingComma: true });
};

const isObject = (value: unknown): value is Partial<RawConfig> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const prefixed = (file: string, error: unknown): unknown =>
  error instanceof UserError
    ? new UserError(
        error.message
          .split('\n')
          .map((line) => `${file}: ${line}`)
          .join('\n'),
        { field: error.field ?? file },
      )
    : error;

const dataFlags = ({ data, label, scaling, split, constant }: ConfigSources): Partial<RawConfig> => ({
  ...(data === undefined ? {} : { data }),
  ...(label === undefined ? {} : { label }),
  ...(scaling === undefined ? {} : { scaling }),
  ...(split === undefined ? {} : { split }),
  ...(constant === undefined ? {} : { constant }),
});

const timeFlags = ({ steps, encoding, cell, recurrent }: ConfigSources): Partial<RawConfig> => ({
  ...(steps === undefined ? {} : { steps }),
  ...(encoding === undefined ? {} : { encoding }),
  ...(cell === undefined ? {} : { cell }),
  ...(recurrent === undefined ? {} : { recurrent }),
});

/** The name of a network that the command line gives other sizes, and no name. */
const nameOf = ({ name, layers }: ConfigSources, base: Partial<RawConfig>): string | undefined =>
  name !== undefined || layers === undefined || String(layers) === String(base.layers) || layers.some((n) => n < 0)
    ? name
    : `net_${layers.join('_')}`;

const flagsOf = (sources: ConfigSources, base: Partial<RawConfig>): Partial<RawConfig> => {
  const { layers, bits, lanes, seed, mode, rate } = sources;
  const name = nameOf(sources, base);
  return {
    ...(name === undefined ? {} : { name }),
    ...(layers === undefined ? {} : { layers }),
    ...(bits === undefined ? {} : { bits }),
    ...(lanes === undefined ? {} : { lanes }),
    ...(seed === undefined ? {} : { seed }),
    ...dataFlags(sources),
    ...timeFlags(sources),
    ...(mode === undefined ? {} : { grapes: { mode } }),
    ...(rate === undefined ? {} : { learningRateShift: rate }),
  };
};

/**
 * What preset, file and flags say, laid over one another and over `base`, with nothing filled in.
 * @throws UserError for a file that is no JSON object
 */
export const givenConfig = (sources: ConfigSources, base: Partial<RawConfig> = {}): Partial<RawConfig> => {
  const { preset, config: file } = sources;
  const given = file === undefined ? {} : readJson(file);
  if (!isObject(given)) throw new UserError(`${file}: holds no JSON object; \`grapes-hw init\` writes one`);
  const below = mergeConfigs(base, preset === undefined ? {} : presets[preset], given);
  return mergeConfigs(below, flagsOf(sources, below));
};

/**
 * The configuration of a command: preset, file and flags laid over one another; preset `mnist` where neither preset nor
 * file is given.
 * @throws UserError that lists every problem
 */
export const resolveConfig = (sources: ConfigSources): Config => {
  const { preset, config: file } = sources;
  const base = preset === undefined ? (file === undefined ? presets[DEFAULT_PRESET] : {}) : presets[preset];
  if (file === undefined) return parseConfig(mergeConfigs(base, flagsOf(sources, base)));
  const given = readJson(file);
  try {
    if (!isObject(given)) return parseConfig(given);
    const below = mergeConfigs(base, given);
    return parseConfig(mergeConfigs(below, flagsOf(sources, below)));
  } catch (error) {
    throw prefixed(file, error);
  }
};
