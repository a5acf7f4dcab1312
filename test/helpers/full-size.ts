/** Whether tests that have two sizes run in the large one: `npm run soak`. */
export const isFullSize = process.env['ZEOCTL_SOAK'] === 'full';

/** A number or the like for `npm run soak`, and a smaller one for `npm test`. */
export const bySize = <Value = number>(full: Value, small: Value): Value =>
	isFullSize ? full : small;
