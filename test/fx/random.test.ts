import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { firstState, mix, PURPOSE, scale, stream, xorshift } from '../../src/fx/random.js';

describe('xorshift', () => {
  it('is the published 13-17-5 sequence', () => {
    const next = [1];
    for (let i = 0; i < 4; i++) next.push(xorshift(next[i]));
    expect(next.slice(1)).toEqual([270369, 67634689, 2647435461, 307599695]);
  });

  it('never reaches 0 from another state', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2 ** 32 - 1 }), (y) => {
        expect(xorshift(y)).toBeGreaterThan(0);
      }),
    );
  });
});

describe('mix', () => {
  it("is MurmurHash3's finaliser", () => {
    expect([0, 1, 2, 0xffffffff].map(mix)).toEqual([0, 0x514e28b7, 0x30f4c306, 0x81f16f39]);
  });
});

describe('firstState', () => {
  it('replaces 0', () => expect(firstState(mix(256 * 3 + 2), PURPOSE.initialWeights, 2)).toBe(0x9e3779b9));

  it('differs by seed, purpose and layer', () => {
    const states = [
      firstState(1, PURPOSE.updateWeights, 1),
      firstState(2, PURPOSE.updateWeights, 1),
      firstState(1, PURPOSE.initialWeights, 1),
      firstState(1, PURPOSE.updateWeights, 2),
    ];
    expect(new Set(states).size).toBe(4);
  });
});

describe('stream', () => {
  it('advances before it answers', () => {
    const next = stream(7, PURPOSE.shuffle);
    const first = xorshift(firstState(7, PURPOSE.shuffle));
    expect([next(), next()]).toEqual([first, xorshift(first)]);
  });
});

describe('scale', () => {
  it('is floor(y * m / 2^32), exact up to m = 2^36', () => {
    const m = fc.oneof(fc.integer({ min: 1, max: 2 ** 36 }), fc.constant(2 ** 36));
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 32 - 1 }), m, (y, size) => {
        expect(BigInt(scale(y, size))).toBe((BigInt(y) * BigInt(size)) >> 32n);
      }),
    );
  });
});
