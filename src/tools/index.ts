export * from './find.js';
export * from './interrupt.js';
export * from './programs.js';
export * from './run.js';
