export { checkGolden } from './check.js';
export { hasLearned, type Manifest, readManifest } from './manifest.js';
export { createMem, type FileEntry } from './mem.js';
export { readMem } from './read.js';
export { type GoldenOptions, writeGolden } from './write.js';
