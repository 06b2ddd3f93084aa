import { DEFAULT } from './defaults.js';
import type { RawConfig } from './schema.js';
import type { ConfigScaling, DataFields } from './types.js';

/** The fields of data that are not at their default. */
export const dataFields = ({ label, classes, scaling, split, constant }: RawConfig): DataFields => ({
  ...(label !== undefined && { label: String(label) }),
  ...(classes !== undefined && { classes }),
  ...(scaling !== undefined && scaling !== 'none' && { scaling }),
  ...(split !== undefined && { split: { test: split.test, seed: split.seed ?? DEFAULT.splitSeed } }),
  ...(constant && { constant }),
});

const orderedScaling = (scaling: ConfigScaling): ConfigScaling =>
  typeof scaling === 'string'
    ? scaling
    : {
        kind: scaling.kind,
        low: scaling.low,
        high: scaling.high,
        offset: [...scaling.offset],
        scale: [...scaling.scale],
      };

/** The same fields in the order that files have them in. */
export const orderedDataFields = ({ label, classes, scaling, split, constant }: DataFields): DataFields => ({
  ...(label !== undefined && { label }),
  ...(classes && { classes: [...classes] }),
  ...(scaling && { scaling: orderedScaling(scaling) }),
  ...(split && { split: { test: split.test, seed: split.seed } }),
  ...(constant && { constant }),
});
