export { isUtf16, readBytes } from './bytes.js';
export * from './lock.js';
export { type Npy, readNpy, toNpy } from './npy.js';
export { isNumberName, NUMBERS, type NumberName, type NumberType, numbersIn } from './numbers.js';
export { mayRun, type Owner, readOwner, thisProcess } from './owner.js';
export * from './stage.js';
export * from './whole.js';
export { unzip, zip } from './zip.js';
