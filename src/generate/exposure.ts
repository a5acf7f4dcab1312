/**
 * The worst mark that a sandbox may get from `systemd-analyze security`, from 0 to 10. Where systemd must listen to
 * `systemd-notify`, that alone counts 0.2.
 */
export const highestExposure = (unit: string): number =>
	/^NotifyAccess=all$/m.test(unit) ? 1.7 : 1.5;

/** The mark that `systemd-analyze security` ends with; undefined where it gives none, as older ones offline. */
export const parseExposure = (said: string): number | undefined => {
	const mark = /Overall exposure level for .*: (\d+(?:\.\d+)?)/.exec(said)?.[1];
	return mark === undefined ? undefined : Number(mark);
};
