import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../src/config/index.js';
import { loadDataset } from '../../src/data/index.js';
import { plan } from '../../src/datapath/plan.js';
import { UserError } from '../../src/fx/error.js';
import { drawHost, plainHost } from '../../src/golden/draw.js';
import { countHost, HOST, line, OPERATIONS, readHost, scriptText } from '../../src/golden/host.js';
import { checkGolden, hostOf, type Manifest, writeGolden, writeVaried } from '../../src/golden/index.js';
import { temporaryFolder } from '../helpers/folder.js';

const SAMPLES = 12;
const design = plan(
  parseConfig({
    name: 'varied',
    layers: [5, 7, 3],
    lanes: 2,
    data: 'synthetic',
    learningRateShift: [
      { epoch: 0, shift: 4 },
      { epoch: 1, shift: 8 },
    ],
  }),
);
const data = loadDataset('synthetic', 'train', { inputs: 5, classes: 3, seed: 1, count: SAMPLES });

const golden = async (host?: Parameters<typeof writeGolden>[2]['host']): Promise<[string, Manifest]> => {
  const folder = join(temporaryFolder(), 'golden');
  const options = { samples: SAMPLES, trace: SAMPLES, ...(host !== undefined && { host }) };
  return [folder, await writeGolden(design, data, options, folder)];
};

const word = fc.integer({ min: 0, max: 2 ** 32 - 1 });
const anyLine = fc
  .tuple(fc.constantFrom(...OPERATIONS), word, word, word, word, word)
  .map(([operation, layer, row, column, value, wait]) => ({ operation, layer, row, column, value, wait }));

describe("a host's script", () => {
  it('reads back as it was written', () => {
    const file = join(temporaryFolder(), HOST);
    fc.assert(
      fc.property(fc.array(anyLine), (lines) => {
        writeFileSync(file, scriptText(lines));
        expect(readHost(file)).toEqual(lines);
      }),
    );
  });

  it.each([
    ['an operation that there is not', '0000000e\n'.repeat(6)],
    ['a line that ends early', '00000001\n'.repeat(5)],
    ['what is no number', '00000001\nsomething\n00000001\n00000001\n00000001\n00000001\n'],
  ])('with %s is refused', (_, text) => {
    const file = join(temporaryFolder(), HOST);
    writeFileSync(file, text);
    expect(() => readHost(file)).toThrow(UserError);
  });

  it('says what is compared', () => {
    const lines = [line('train'), line('infer'), line('readStream'), line('readWeight'), line('readStray')];
    expect(countHost(lines)).toEqual({
      trains: [true, false],
      final: false,
      reads: { read: 2, stream: 1, counter: 0 },
    });
  });
});

describe('a drawn host', () => {
  const drawn = Array.from({ length: 40 }, (_, seed) => drawHost(design, SAMPLES, seed));

  it('does, among forty, everything that a host can do', () => {
    expect(new Set(drawn.flat().map(({ operation }) => operation))).toEqual(new Set(OPERATIONS));
  });

  it('is another one with another seed, and the same with the same', () => {
    expect(new Set(drawn.map(scriptText)).size).toBe(drawn.length);
    expect(drawHost(design, SAMPLES, 7)).toEqual(drawn[7]);
  });

  it('presents every sample, at rates from all over the range and beyond it', () => {
    for (const lines of drawn) expect(countHost(lines).trains).toHaveLength(SAMPLES);
    const rates = new Set(drawn.flat().flatMap(({ operation, value }) => (operation === 'train' ? [value] : [])));
    expect([4, 5, 6, 7, 8].filter((rate) => !rates.has(rate))).toEqual([]);
    expect([...rates].some((rate) => rate < 4) && [...rates].some((rate) => rate > 8)).toBe(true);
  });
});

describe('golden vectors of a run that a host varies', () => {
  it('are those of the plain run where the host is the plain one, and its script beside them', async () => {
    const [, plain] = await golden();
    const { rngState } = plain;
    const [folder, scripted] = await golden(plainHost(design, { samples: SAMPLES, rate: 4, rngState, final: true }));
    const { [HOST]: script, ...files } = scripted.files;
    expect(files).toEqual(plain.files);
    expect(script.shape[1]).toBe(6);
    expect(checkGolden(folder)).toEqual(scripted);
  });

  it('hold the answers of every read, which the plain directory gives again from its own samples', async () => {
    const [plainFolder, plain] = await golden();
    const [folder, manifest] = await golden(3);
    const again = join(temporaryFolder(), 'again');
    const made = await writeVaried(design, plainFolder, plain, { samples: SAMPLES, host: 3 }, again);
    expect(made.files).toEqual(manifest.files);
    expect(readFileSync(join(again, HOST), 'latin1')).toBe(readFileSync(join(folder, HOST), 'latin1'));
  });

  it('end before the first sample that a shorter run leaves out', async () => {
    const [folder, manifest] = await golden(3);
    const lines = await hostOf(design, folder, manifest, { samples: 5, rate: 4 });
    expect(countHost(lines)).toMatchObject({ final: false, trains: { length: 5 } });
  });
});
