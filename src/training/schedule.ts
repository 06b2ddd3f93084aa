import { type Config, rateAt, rateSteps } from '../datapath/rate.js';

type Schedule = Config['learningRateShift'];

/** A change of the learning-rate schedule of a run that had begun. */
export interface ScheduleChange {
  /** the first epoch, from 0, to which the new one applies */
  readonly epoch: number;
  readonly before: Schedule;
  readonly after: Schedule;
}

/** The schedule that is `before` up to an epoch and `after` from it on, each rate named once; `before` itself if that is it. */
const joined = (before: Schedule, after: Schedule, epoch: number): Schedule => {
  const all = [
    ...rateSteps({ learningRateShift: before }).filter((step) => step.epoch < epoch),
    { epoch, shift: rateAt({ learningRateShift: after }, epoch) },
    ...rateSteps({ learningRateShift: after }).filter((step) => step.epoch > epoch),
  ];
  const steps = all.filter(({ shift }, i) => i === 0 || shift !== all[i - 1].shift);
  return steps.length === 1 ? steps[0].shift : steps;
};

const normal = (schedule: Schedule): string => JSON.stringify(joined(schedule, schedule, 0));

/**
 * What becomes of the schedule of a run that stands in an epoch and is told to go on with another one: epochs that have begun
 * keep theirs, so the run is the same as one that was left alone with the schedule that comes out. Null where nothing changes.
 * @param position samples of the epoch that are done
 */
export const changedSchedule = (
  before: Schedule,
  asked: Schedule,
  { epoch, position }: { readonly epoch: number; readonly position: number },
): ScheduleChange | null => {
  const from = position === 0 ? epoch : epoch + 1;
  const after = joined(before, asked, from);
  return normal(after) === normal(before) ? null : { epoch: from, before, after };
};
