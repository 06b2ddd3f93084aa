import { readFileSync } from 'node:fs';
import {
  type Config,
  type GrapesMode,
  mergeConfigs,
  type PresetName,
  parseConfig,
  presets,
  type RateStep,
  type RawConfig,
} from '../config/index.js';
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
  readonly mode?: GrapesMode;
  readonly rate?: number | RateStep[];
}

const DEFAULT_PRESET: PresetName = 'mnist';

/** Reads a JSON file. @throws UserError naming the file, and where in it the JSON ends being JSON */
export const readJson = (file: string): unknown => {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw asUserError(error, file);
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new UserError(`${file}: is not JSON (${reason}); \`grapes-hw init\` writes a file to start from`, {
      field: file,
    });
  }
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

const flagsOf = ({ name, layers, bits, lanes, seed, data, mode, rate }: ConfigSources): Partial<RawConfig> => ({
  ...(name === undefined ? {} : { name }),
  ...(layers === undefined ? {} : { layers }),
  ...(bits === undefined ? {} : { bits }),
  ...(lanes === undefined ? {} : { lanes }),
  ...(seed === undefined ? {} : { seed }),
  ...(data === undefined ? {} : { data }),
  ...(mode === undefined ? {} : { grapes: { mode } }),
  ...(rate === undefined ? {} : { learningRateShift: rate }),
});

/**
 * The configuration of a command: preset, file and flags laid over one another; preset `mnist` where neither preset nor
 * file is given.
 * @throws UserError that lists every problem
 */
export const resolveConfig = (sources: ConfigSources): Config => {
  const { preset, config: file } = sources;
  const base = preset === undefined ? (file === undefined ? presets[DEFAULT_PRESET] : {}) : presets[preset];
  if (file === undefined) return parseConfig(mergeConfigs(base, flagsOf(sources)));
  const given = readJson(file);
  try {
    return parseConfig(isObject(given) ? mergeConfigs(base, given, flagsOf(sources)) : given);
  } catch (error) {
    throw prefixed(file, error);
  }
};
