import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';

/** What each folder of src/ may import beside itself. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  fx: [],
  files: ['fx'],
  config: ['fx'],
  datapath: ['fx', 'config'],
  data: ['fx', 'files'],
  model: ['fx', 'datapath'],
  golden: ['fx', 'files', 'datapath', 'model', 'data'],
  exchange: ['fx', 'files', 'datapath'],
  training: ['fx', 'files', 'datapath', 'model', 'data', 'golden'],
  vectors: ['fx', 'datapath'],
  rtl: ['fx', 'datapath', 'vectors'],
  tools: [],
  cosim: ['fx', 'files', 'datapath', 'golden', 'tools'],
  epochs: ['fx', 'files', 'datapath', 'model', 'training', 'tools', 'cosim'],
  report: ['datapath', 'model', 'tools'],
  float: ['fx'],
  experiment: ['fx', 'config', 'datapath', 'data', 'model', 'float', 'training', 'report'],
  cli: [
    'fx',
    'files',
    'config',
    'datapath',
    'data',
    'model',
    'golden',
    'exchange',
    'training',
    'rtl',
    'tools',
    'cosim',
    'epochs',
    'report',
    'experiment',
  ],
};

/** Packages that only one folder uses. */
const ONLY_IN: Readonly<Record<string, string>> = {
  zod: 'config',
  handlebars: 'rtl',
  vega: 'experiment',
  'vega-lite': 'experiment',
  commander: 'cli',
  chalk: 'cli',
  'jsonc-parser': 'cli',
  papaparse: 'data',
  fflate: 'files',
  jsfive: 'exchange',
  '@bufbuild/protobuf': 'exchange',
  'node:child_process': 'tools',
};

interface Import {
  readonly file: string;
  readonly folder: string;
  readonly from: string;
}

const imports: Import[] = readdirSync('src', { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts') && file.includes('/'))
  .flatMap((file) =>
    [...readFileSync(join('src', file), 'utf8').matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)].map(([, from]) => ({
      file,
      folder: file.split('/')[0],
      from,
    })),
  );

const target = ({ file, from }: Import): string => relative(resolve('src'), resolve('src', dirname(file), from));

describe('the import table', () => {
  test('has every folder of src/', () => {
    const folders = readdirSync('src', { withFileTypes: true }).filter((entry) => entry.isDirectory());
    expect(folders.map((entry) => entry.name).filter((name) => !(name in MAY_IMPORT))).toEqual([]);
  });

  test.each(Object.entries(MAY_IMPORT))('%s imports only: %j', (folder, allowed) => {
    const wrong = imports
      .filter((entry) => entry.folder === folder && entry.from.startsWith('.'))
      .filter((entry) => ![folder, ...allowed].includes(target(entry).split('/')[0]))
      .map(({ file, from }) => `${file}: ${from}`);
    expect(wrong).toEqual([]);
  });

  test.each(Object.entries(ONLY_IN))('%s is used by %s only', (name, folder) => {
    const users = imports.filter(({ from }) => from === name || from.startsWith(`${name}/`));
    expect(users.filter((entry) => entry.folder !== folder).map(({ file }) => file)).toEqual([]);
  });

  test('relative imports name the compiled file', () => {
    const wrong = imports.filter(({ from }) => from.startsWith('.') && !from.endsWith('.js'));
    expect(wrong.map(({ file, from }) => `${file}: ${from}`)).toEqual([]);
  });
});
