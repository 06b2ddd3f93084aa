import type { Plan } from '../datapath/plan.js';
import type { StepValues } from '../model/index.js';
import { KINDS, type Kind, type KindName, type Rows } from './kinds.js';
import { createMem, type FileEntry, type MemFile } from './mem.js';

/** The files of a golden directory being written. */
export interface KindFiles {
  /** a kind's files, layer by layer */
  readonly of: (kind: KindName) => readonly MemFile[];
  /** Appends the values of a traced step. */
  readonly trace: (values: StepValues) => void;
  /** Closes all files; `writes[i]` values are in write file i. Gives the manifest's entries in their order. */
  readonly close: (samples: number, trace: number, writes: readonly number[]) => Record<string, FileEntry>;
  /** Closes whatever is open, and gives up on it. */
  readonly abandon: () => void;
}

/** Opens every file that the table of kinds asks for. */
export const openKinds = (plan: Plan, folder: string): KindFiles => {
  const opened: { readonly kind: KindName; readonly rows: Rows; readonly file: MemFile }[] = [];
  const kinds = Object.entries(KINDS) as [KindName, Kind][];
  for (const [kind, { files }] of kinds) {
    for (const { name, bits, rows, tail } of files(plan)) {
      opened.push({ kind, rows, file: createMem(folder, `${name}.mem`, bits, tail) });
    }
  }
  const of = (kind: KindName): readonly MemFile[] =>
    opened.filter((entry) => entry.kind === kind).map(({ file }) => file);
  const traced = kinds.flatMap(([kind, { trace }]) => (trace ? [{ files: of(kind), trace }] : []));
  return {
    of,
    trace: (values) => {
      for (const { files, trace } of traced) {
        const vectors = trace(values);
        files.forEach((file, i) => {
          file.write(vectors[i]);
        });
      }
    },
    close: (samples, trace, writes) => {
      const left = [...writes];
      const count = (rows: Rows): number =>
        typeof rows === 'number' ? rows : rows === 'samples' ? samples : rows === 'trace' ? trace : (left.shift() ?? 0);
      return Object.fromEntries(opened.map(({ rows, file }) => [file.name, file.close(count(rows))]));
    },
    abandon: () => {
      for (const { file } of opened) file.abandon();
    },
  };
};
