import { describe, expect, it } from 'vitest';
import { crossEntropy } from '../../src/training/index.js';

describe('the loss of a sample', () => {
  it('is the negative logarithm of the label’s probability, as the integers have it', () => {
    expect(crossEntropy([0, 0, 0, 0], 2, 7)).toBe(-Math.log(32 / 128));
    expect(crossEntropy([0, 0], 1, 15)).toBe(-Math.log(0.5));
  });

  it('comes near the real one at many bits', () => {
    const logits = [1.5, -0.25, 0.75];
    const exact = Math.log(logits.reduce((sum, q) => sum + Math.exp(q), 0)) - logits[2];
    expect(
      crossEntropy(
        logits.map((q) => q * 256),
        2,
        15,
      ),
    ).toBeCloseTo(exact, 1.5);
  });

  it('is 0 for certainty, and finite for a probability that rounds to 0', () => {
    expect(crossEntropy([20_000, 0], 0, 7)).toBeCloseTo(0, 10);
    expect(crossEntropy([20_000, 0], 1, 7)).toBe(Math.log(256));
  });
});
