export { emitBytes } from './bytes.js';
export { emit, unsupported } from './emit.js';
export { emitRegistered, portRegisters } from './registered.js';
