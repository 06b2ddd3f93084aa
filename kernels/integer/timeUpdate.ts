import { grouped } from './groups';
import { Errors, Learning, Matrix } from './records';
import { range } from './timeBackward';
import { listUsed, overSteps } from './timeForward';
import { BYTES, ERRORS_BYTES, Hidden, Sequence, WIDE } from './timeRecords';
import { update8 } from './update8';
import { update16 } from './update16';
import { updateGrouped } from './updateGroups';
import { updateValues } from './updateValues';

/** Updates the listed columns of a matrix: all of them have the same errors, each its own value. */
function updateListed(
  layer: Hidden,
  matrix: Matrix,
  x: Sequence,
  errors: Errors,
  learning: Learning,
  shift: i32,
  stochastic: bool,
): void {
  if (layer.width === BYTES) update8(matrix, x.total, errors, learning, shift, stochastic);
  else update16(matrix, x.total, errors, learning, shift, stochastic);
}

/**
 * Updates a hidden layer's matrices from the errors of its steps, unless all are 0: then its streams stay as they are. Returns
 * whether there was an error.
 */
export function updateHidden(layer: Hidden, shift: i32, recurrentShift: i32, stochastic: bool): bool {
  const source = layer.source;
  const summed = layer.summed;
  const rows = <usize>layer.rows;
  const steps = <usize>layer.steps;
  let first = steps;
  let last: usize = 0;
  for (let t: usize = 0; t < steps; t++) {
    const e = changetype<Errors>(layer.errors + t * ERRORS_BYTES);
    const least = e.least;
    const most = e.most;
    store<i16>(layer.least + (t << 1), <i16>least);
    store<i16>(layer.most + (t << 1), <i16>most);
    if (least === 0 && most === 0) continue;
    first = min(first, t);
    last = t;
  }
  if (first === steps) return false;
  const values = changetype<Errors>(layer.errors).values;
  if (source.constant === 1) {
    overSteps(values, rows, steps, layer.x.any, summed.values);
    range(summed, rows);
    updateListed(layer, layer.forward, source, summed, layer.learning, shift, stochastic);
  } else {
    listUsed(source, steps, source.total);
    if (grouped(source) && layer.width !== WIDE && layer.adds === 1) {
      updateGrouped(layer, layer.learning, shift, stochastic);
    } else updateValues(layer, layer.forward, layer.learning, source, source.total, 0, first, last, shift, stochastic);
  }
  if (layer.recurrent !== 0) {
    const x = layer.x;
    const learning = changetype<Learning>(layer.recurrentLearning);
    listUsed(x, steps - 1, x.earlier);
    const matrix = changetype<Matrix>(layer.recurrent);
    updateValues(layer, matrix, learning, x, x.earlier, 1, max<usize>(1, first), last, recurrentShift, stochastic);
  }
  return true;
}
