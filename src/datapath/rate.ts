export { backwardShift, forwardShift, rateAt, rateSteps, recurrentUpdateShift, updateShift } from '../config/shifts.js';
export { featuresOf, fixedFrac, inTime } from '../config/time.js';
export type { CellName, Config } from '../config/types.js';
