/** The C header that an export writes, compiled and held against the model. */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { deviceFiles } from '../../src/cli/device.js';
import { loadSamples } from '../../src/cli/samples.js';
import { type Config, configFields, parseConfig } from '../../src/config/index.js';
import { readCsv } from '../../src/data/index.js';
import { plan } from '../../src/datapath/plan.js';
import { Network, sampleFeatures } from '../../src/model/index.js';
import { temporaryFolder } from '../helpers/folder.js';

const FLOWERS = 'csv:docs/iris.csv,docs/iris.csv';
const hasCompiler = spawnSync('gcc', ['--version']).status === 0;

const configOf = async (more: object): Promise<Config> => {
  const { config } = await loadSamples(
    parseConfig({ name: 'iris', layers: [5, 4, 3], data: FLOWERS, constant: true, scaling: 'standard', ...more }),
  );
  return config;
};

/** What the header makes of each line of a CSV file. */
const inC = (config: Config, lines: readonly (readonly number[])[]): number[][] => {
  const folder = temporaryFolder();
  for (const [name, text] of deviceFiles(config)) writeFileSync(join(folder, name), text);
  const rows = lines
    .map((line) => `{${line.map((v) => (Number.isInteger(v) ? v.toFixed(1) : String(v))).join(', ')}}`)
    .join(',\n');
  writeFileSync(
    join(folder, 'main.c'),
    `#include <stdio.h>
#include "iris_input.h"
static const double lines[][IRIS_FEATURES] = {${rows}};
int main(void) {
  int16_t x[IRIS_INPUTS];
  for (unsigned n = 0; n < sizeof lines / sizeof lines[0]; n++) {
    iris_input(lines[n], x);
    for (int i = 0; i < IRIS_INPUTS; i++) printf("%d ", x[i]);
    printf("%s\\n", iris_class[n % IRIS_CLASSES]);
  }
}
`,
  );
  const built = spawnSync('gcc', ['-std=c99', '-Wall', '-Wextra', '-Werror', '-O2', 'main.c', '-o', 'main', '-lm'], {
    cwd: folder,
    encoding: 'utf8',
  });
  expect(built.stderr).toBe('');
  const { stdout } = spawnSync(join(folder, 'main'), { encoding: 'utf8' });
  expect(stdout.split('\n', 3).map((line) => line.split(' ').at(-1))).toEqual([...(config.classes ?? [])]);
  return stdout
    .trim()
    .split('\n')
    .map((line) => line.split(' ').slice(0, -1).map(Number));
};

describe.skipIf(!hasCompiler)(
  `the C header ${hasCompiler ? '' : '(gcc is not installed: apt-get install -y gcc)'}`,
  () => {
    const { values, count } = readCsv('docs/iris.csv');
    const lines = Array.from({ length: count }, (_, n) => [...values.subarray(4 * n, 4 * n + 4)]);

    it.each([{ scaling: 'standard' }, { scaling: 'minmax', bits: 5 }, { scaling: 'minmax-signed', bits: 16 }])(
      'gives the integers of the model: %j',
      async (more) => {
        const config = await configOf(more);
        const { train } = await loadSamples(config);
        const network = new Network(plan(config));
        const expected = lines.map((_, n) => [...network.quantise(sampleFeatures(train, n))]);
        expect(inC(config, lines)).toEqual(expected);
        expect(expected[0][4]).toBe(2 ** (config.bits.activation - 1) - 1);
      },
    );

    it('clips what lies beyond the training samples', async () => {
      const [low, high] = inC(await configOf({}), [
        [-1e9, 0, -5, -1],
        [1e9, 99, 99, 99],
        [5, 3, 4, 1],
      ]);
      expect(low.slice(0, 2)).toEqual([-128, -128]);
      expect(high).toEqual([127, 127, 127, 127, 127]);
    });
  },
);

describe('the JSON beside it', () => {
  it('has the scaling, the constant and the classes', async () => {
    const config = await configOf({});
    const files = new Map(deviceFiles(config));
    expect([...files.keys()]).toEqual(['iris_input.h', 'iris_input.json']);
    expect(JSON.parse(files.get('iris_input.json') ?? '')).toEqual({
      features: 4,
      constant: { after: 4, value: 127 },
      inputs: 5,
      port: { unit: 128, least: -128, most: 127 },
      scaling: configFields(config).scaling,
      classes: ['setosa', 'versicolor', 'virginica'],
    });
  });
});
