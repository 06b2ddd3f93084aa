export { backwardShift, forwardShift, rateAt, rateSteps, recurrentUpdateShift, updateShift } from '../config/shifts.js';
export { featuresOf, fixedFrac, inTime, type Timing, timingOf } from '../config/time.js';
export type { CellName, Config, Encoding } from '../config/types.js';
