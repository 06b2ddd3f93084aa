import { appendFileSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { parseConfig } from '../../src/config/index.js';
import { synthetic } from '../../src/data/index.js';
import { plan } from '../../src/datapath/plan.js';
import { UserError } from '../../src/fx/error.js';
import { checkGolden, type Manifest, readManifest, writeGolden } from '../../src/golden/index.js';
import { KINDS } from '../../src/golden/kinds.js';

describe('docs/file-formats.md', () => {
  it('lists every kind of file as the table of kinds has it', () => {
    const lines = readFileSync('docs/file-formats.md', 'utf8').split('\n');
    const kinds = Object.values(KINDS).flatMap(({ document }) =>
      document === null ? [] : [`| ${document.join(' | ')} |`],
    );
    const first = lines.indexOf(kinds[0]);
    expect(lines.slice(first, first + kinds.length + 1)).toEqual([...kinds, '']);
  });
});

describe('checkGolden', () => {
  let folder = '';
  let manifest: Manifest;

  beforeEach(async () => {
    folder = join(mkdtempSync(join(tmpdir(), 'grapes-check-')), 'net');
    const p = plan(parseConfig({ name: 'net', layers: [5, 4, 3], bits: { error: 6 } }));
    const data = synthetic('train', { inputs: 5, classes: 3, seed: 1, count: 4 });
    manifest = await writeGolden(p, data, { samples: 4, trace: 2 }, folder);
  });

  const file = (name: string): string => join(folder, name);
  const replace = (name: string, from: RegExp, to: string): void =>
    writeFileSync(file(name), readFileSync(file(name), 'utf8').replace(from, to));
  const refusal = (): string[] => {
    try {
      checkGolden(folder);
    } catch (error) {
      if (error instanceof UserError) return error.message.split('\n');
      throw error;
    }
    return [];
  };
  const again = 'generate the golden vectors again';

  it('passes what was written', () => expect(checkGolden(folder)).toEqual(manifest));

  it('finds a truncated file', () => {
    truncateSync(file('digest.mem'), 9 * 3);
    expect(refusal()).toEqual([`${file('digest.mem')}: has 3 values, must have 4 (4); ${again}`]);
  });

  it('finds a file cut in the middle of a line', () => {
    truncateSync(file('logit.mem'), 27);
    expect(refusal()).toEqual([`${file('logit.mem')}: has 5 values, must have 6 (2 x 3); ${again}`]);
  });

  it('finds a bad digit', () => {
    replace('logit.mem', /^(.*\n.*\n)./, '$1X');
    expect(refusal()).toEqual([
      `${file('logit.mem')}: line 3 is not 4 lower-case hex digits of a 16-bit value; ${again}`,
    ]);
  });

  it('finds a value beyond its bits', () => {
    replace('error1.mem', /^./, '4');
    expect(refusal()).toEqual([
      `${file('error1.mem')}: line 1 is not 2 lower-case hex digits of a 6-bit value; ${again}`,
    ]);
  });

  it('finds a changed value by its hash', () => {
    replace('digest.mem', /^./, readFileSync(file('digest.mem'), 'utf8').startsWith('0') ? '1' : '0');
    expect(refusal()[0]).toMatch(/digest\.mem: its sha256 is [0-9a-f]{64}, must be [0-9a-f]{64}; generate/);
  });

  it('lists missing and foreign files together', () => {
    rmSync(file('label.mem'));
    writeFileSync(file('extra.mem'), '0\n');
    expect(refusal()).toEqual([
      `${file('label.mem')}: does not exist; check the path`,
      `${file('extra.mem')}: is not in manifest.json; remove it`,
    ]);
  });

  it.each([
    { what: 'no JSON', text: '{', message: 'is not JSON' },
    { what: 'a list', text: '[]', message: 'is not a JSON object' },
    { what: 'another format', text: '{ "format": "x" }', message: 'format is malformed, must be "grapes-golden/2"' },
    {
      what: 'a missing field',
      text: '{ "format": "grapes-golden/2" }',
      message: 'config is missing, must be a configuration',
    },
  ])('refuses a manifest that is $what', ({ text, message }) => {
    writeFileSync(file('manifest.json'), text);
    expect(() => readManifest(folder)).toThrow(`${file('manifest.json')}: ${message}; ${again}`);
  });

  it('refuses a folder without manifest', () => {
    expect(() => readManifest(join(folder, 'none'))).toThrow('manifest.json: does not exist; check the path');
  });

  it('finds bytes after the last line', () => {
    appendFileSync(file('label.mem'), '0\n');
    expect(refusal()).toEqual([`${file('label.mem')}: has 5 values, must have 4 (4); ${again}`]);
  });
});
