import { describe, expect, it } from 'vitest';
import { parseConfig, presets } from '../../src/config/index.js';
import { plan } from '../../src/datapath/plan.js';

describe('presets', () => {
  it.each(Object.entries(presets))('%s is legal', (_, preset) => {
    expect(parseConfig(preset).name).toBe(preset.name);
  });

  it('tiny has several groups, and dense and spread last ones', () => {
    const lanes = plan(parseConfig(presets.tiny)).layers.map((layer) => layer.lanes);
    expect(lanes.map((l) => l.groups)).toEqual([3, 2, 1]);
    expect(new Set(lanes.map((l) => l.spread))).toEqual(new Set([true, false]));
  });
});
