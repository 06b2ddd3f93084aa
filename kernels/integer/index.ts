export { back8, back16, modulate, strongest } from './backward';
export { activate, logits, multiply8, multiply16 } from './forward';
export { listFeatures, listPixels } from './lists';
export { update8 } from './update8';
export { update16 } from './update16';
