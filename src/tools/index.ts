export * from './find.js';
export * from './icestorm.js';
export * from './interrupt.js';
export * from './nextpnr.js';
export * from './programs.js';
export * from './run.js';
export * from './tool.js';
export * from './yosys.js';
