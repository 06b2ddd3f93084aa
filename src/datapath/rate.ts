export { backwardShift, forwardShift, rateAt, rateSteps, updateShift } from '../config/shifts.js';
export { featuresOf, inTime } from '../config/time.js';
export type { Config } from '../config/types.js';
