export { checkGolden } from './check.js';
export { type Manifest, readManifest } from './manifest.js';
export type { FileEntry } from './mem.js';
export { type GoldenOptions, writeGolden } from './write.js';
