/**
 * Beats at half the interval that systemd asks for, as sd_watchdog_enabled(3) advises, while `isWell`: the beat
 * itself shows that the loop turns. Returns what ends it.
 */
export const startWatchdog = ({
	intervalUsec,
	isWell,
	beat,
	after,
}: {
	readonly intervalUsec: number;
	readonly isWell: () => boolean;
	readonly beat: () => void;
	readonly after: (ms: number, callback: () => void) => () => void;
}): (() => void) => {
	let cancel = (): void => undefined;
	const turn = (): void => {
		if (isWell()) beat();
		cancel = after(intervalUsec / 2000, turn);
	};
	turn();
	return () => cancel();
};
