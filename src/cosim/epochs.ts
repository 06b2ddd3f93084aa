import { type Executable, runProgram } from '../tools/index.js';
import { parseLine } from './lines.js';

/** A part of a run over whole epochs that the core has done as the model did. */
export interface PartResult {
  readonly part: number;
  /** training steps */
  readonly samples: number;
  /** clock cycles of the training steps */
  readonly cycles: number;
  /** training samples that the core predicted rightly, before it learned from them */
  readonly right: number;
  readonly tests: number;
  /** test samples that the core predicted rightly after the part */
  readonly testRight: number;
}

/** The first difference of a part. */
export interface PartMismatch {
  readonly kind: string;
  readonly part: number;
  /** place in the part; of a weight, its index when all layers are laid out row by row */
  readonly sample: number;
  /** hexadecimal */
  readonly expected: string;
  readonly actual: string;
}

/** Why a run of parts ended. */
export type PartsEnd =
  | { readonly kind: 'equal' }
  | { readonly kind: 'different'; readonly mismatch: PartMismatch }
  | { readonly kind: 'stopped' }
  | { readonly kind: 'failed'; readonly problem: string };

/** Told while parts run. */
export interface PartsOptions {
  /** ends the simulation, without a verdict */
  readonly signal: AbortSignal;
  /** so many samples of the part, or of the test after it, are done */
  readonly onSample: (part: number, testing: boolean, sample: number) => void;
  readonly onPart: (result: PartResult) => void;
}

const LAST_LINES = 5;

/**
 * Runs parts `first`..`last` of an epochs folder in one go on a program of `buildEpochs`.
 * @param folder absolute; holds what the program's head describes
 */
export const runParts = async (
  { command, parameters }: Executable,
  folder: string,
  first: number,
  last: number,
  { signal, onSample, onPart }: PartsOptions,
): Promise<PartsEnd> => {
  let mismatch: PartMismatch | null = null;
  let done = false;
  let broken: string | null = null;
  const { code, output } = await runProgram(command, [folder, String(first), String(last), ...parameters], {
    signal,
    onLine: (line) => {
      const parsed = parseLine(line);
      if (parsed === null) return;
      const { word, fields } = parsed;
      const number = (name: string): number => Number(fields[name]);
      if (word === 'STEP') onSample(number('part'), fields.kind === 'test', number('sample'));
      if (word === 'DONE') done = true;
      if (word === 'BROKEN') broken ??= line;
      if (word === 'PART')
        onPart({
          part: number('part'),
          samples: number('samples'),
          cycles: number('cycles'),
          right: number('right'),
          tests: number('tests'),
          testRight: number('test_right'),
        });
      if (word === 'MISMATCH')
        mismatch = {
          kind: fields.kind,
          part: number('part'),
          sample: number('sample'),
          expected: fields.expected,
          actual: fields.actual,
        };
    },
  });
  if (mismatch !== null) return { kind: 'different', mismatch };
  if (broken !== null) return { kind: 'failed', problem: broken };
  if (code === 0 && done) return { kind: 'equal' };
  if (signal.aborted) return { kind: 'stopped' };
  const tail = output.trimEnd().split('\n').slice(-LAST_LINES).join('\n');
  return {
    kind: 'failed',
    problem: `the simulation ended with ${code === null ? 'a signal' : `exit code ${code}`}\n${tail}`,
  };
};
