export { emit, unsupported } from './emit.js';
