/** Whether tests that have two sizes run in the large one: `npm run soak`. */
export const isFullSize = process.env['ZEOCTL_SOAK'] === 'full';

/** A number for `npm run soak`, and a smaller one for `npm test`. */
export const bySize = (full: number, small: number): number => (isFullSize ? full : small);
