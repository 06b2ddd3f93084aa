export { rateAt } from '../config/shifts.js';
export type { Config } from '../config/types.js';
