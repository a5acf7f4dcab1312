const day = 86_400;
/** Seconds after a message was written. */
const steps = [300, 1800, 4 * 3600];
const patience = 7 * day;
/** A clock that jumps ahead must not end it. */
const fewestAttempts = 8;

/** When a message is to be tried again after a failure, or that enough is enough. Times are Unix seconds. */
export const planRetry = (
	{at, attempts}: {readonly at: number; readonly attempts: number},
	now: number,
): {readonly due: number} | 'give-up' => {
	const age = now - at;
	if (age >= patience && attempts >= fewestAttempts) return 'give-up';
	const step = steps.find(seconds => seconds > age);
	return {due: step === undefined ? now + day : at + step};
};

/** Whether it is time; also when the clock was set back, so that the time is far away. */
export const isDue = (due: number, now: number): boolean => due <= now || due > now + 2 * day;
