export { back8, back16, modulate, strongest } from './backward';
export { digest } from './digest';
export { activate8, multiply8 } from './forward8';
export { activate16, multiply16 } from './forward16';
export { listFeatures, listPixels } from './lists';
export { logits } from './logits';
export {
  addStrengths,
  combine,
  errorsAt,
  fireRelu,
  fireSnu,
  fireTanh,
  listWhere,
  overSteps,
  range,
  scatter,
} from './time';
export { updateSteps } from './timeUpdate';
export { update8 } from './update8';
export { update16 } from './update16';
