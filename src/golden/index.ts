export { checkGolden } from './check.js';
export { countHost, HOST, type HostLine, scriptText } from './host.js';
export { hasLearned, type Manifest, readManifest } from './manifest.js';
export { createMem, type FileEntry } from './mem.js';
export { hostOf } from './play.js';
export { readMem } from './read.js';
export { type GoldenOptions, writeGolden, writeVaried } from './write.js';
