import {isEnabled} from './enabled.js';
import {unitOfProcess} from './unit-of-process.js';

/** A service of systemd, as files show it without asking systemd. */
export type Unit = {
	/** Such as `zeo-main.service`. */
	readonly name: string;
	/** Whether it starts at boot. */
	readonly enabled: boolean;
};

/** The service that a process runs for; undefined when it runs for none. */
export const findUnit = (pid: number): Unit | undefined => {
	const name = unitOfProcess(pid);
	return name === undefined ? undefined : {name, enabled: isEnabled(name)};
};
