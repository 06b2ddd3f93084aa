export * from './lock.js';
export { mayRun, type Owner, readOwner, thisProcess } from './owner.js';
export * from './stage.js';
export * from './whole.js';
