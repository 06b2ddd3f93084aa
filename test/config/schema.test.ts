import { describe, expect, it } from 'vitest';
import { jsonSchema } from '../../src/config/index.js';

describe('the JSON Schema', () => {
  const schema = jsonSchema();

  it('requires name and layers and allows nothing unknown', () => {
    expect(schema).toMatchObject({ type: 'object', required: ['name', 'layers'], additionalProperties: false });
  });

  it('gives the ranges', () => {
    expect(schema).toMatchObject({
      properties: {
        lanes: { type: 'integer', minimum: 1, maximum: 1024 },
        seed: { minimum: 0, maximum: 4294967295 },
        rounding: { enum: ['stochastic', 'nearest'] },
      },
    });
  });
});
