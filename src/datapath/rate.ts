export { backwardShift, forwardShift, rateAt, rateSteps, updateShift } from '../config/shifts.js';
export type { Config } from '../config/types.js';
