export { back8, back16, modulate, strongest } from './backward';
export { digest } from './digest';
export { activate8, multiply8 } from './forward8';
export { activate16, multiply16 } from './forward16';
export { listFeatures, listPixels, spreadPixels } from './lists';
export { logits } from './logits';
export { addStrengths, backwardHidden } from './timeBackward';
export { forwardHidden, listUsed, multiply, overSteps } from './timeForward';
export { updateHidden } from './timeUpdate';
export { update8 } from './update8';
export { update16 } from './update16';

/** Of the records that the model makes: it changes with them. */
export const LAYOUT = 2;
