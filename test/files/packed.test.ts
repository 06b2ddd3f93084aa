/** Packed files unpack to what was packed, or are refused before they fill the memory. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { readBytes, unzip, zip } from '../../src/files/index.js';
import { temporaryFolder } from '../helpers/folder.js';

const put = (name: string, bytes: Uint8Array): string => {
  const file = join(temporaryFolder(), name);
  writeFileSync(file, bytes);
  return file;
};

describe('gzip', () => {
  it('is unpacked up to a limit', () => {
    const file = put('zeros.gz', gzipSync(new Uint8Array(1000)));
    expect(readBytes(file, 1000)).toEqual(new Uint8Array(1000));
    expect(() => readBytes(file, 999)).toThrow('zeros.gz: holds more than 999 bytes unpacked; unpack it');
  });

  it('of another name is left as it is', () => {
    const packed = gzipSync(new Uint8Array(1000));
    expect(readBytes(put('zeros.bin', packed))).toEqual(Uint8Array.from(packed));
  });

  it('that a bit has changed in is refused', () => {
    const bytes = Uint8Array.from(gzipSync(new TextEncoder().encode('one line\n'.repeat(99))));
    bytes[bytes.length - 6] ^= 1;
    expect(() => readBytes(put('bent.gz', bytes))).toThrow('bent.gz: is not gzip, or cut short');
  });
});

describe('zip', () => {
  const files = new Map<string, Uint8Array | string>([
    ['a.npy', Uint8Array.of(1, 2, 3)],
    ['b/c.json', '{}'],
  ]);

  it('holds what was put in, as the same bytes each time', () => {
    const unpacked = unzip(zip(files), 'a.zip');
    expect([...unpacked.keys()]).toEqual([...files.keys()]);
    expect([...(unpacked.get('a.npy') ?? [])]).toEqual([1, 2, 3]);
    expect(zip(files)).toEqual(zip(files));
  });

  const claiming = (size: number, mark: number, at: number): Uint8Array => {
    const bytes = Uint8Array.from(zip(files));
    const view = new DataView(bytes.buffer);
    for (let i = 0; i < bytes.length - 4; i++) if (view.getUint32(i, true) === mark) view.setUint32(i + at, size, true);
    return bytes;
  };
  const DIRECTORY = [0x02014b50, 24] as const;

  it.each([
    ['nothing', new Uint8Array()],
    ['a text', new TextEncoder().encode('PK, but no archive')],
    ['an archive that is cut short', zip(files).subarray(0, -10)],
    ['an archive whose directory claims more bytes than there can be', claiming(0x7fff_ffff, ...DIRECTORY)],
    ['an archive whose directory claims one byte more', claiming(4, ...DIRECTORY)],
  ])('that is %s is refused', (_, bytes) => {
    expect(() => unzip(bytes, 'bad.npz')).toThrow(/^bad\.npz: /);
  });
});
