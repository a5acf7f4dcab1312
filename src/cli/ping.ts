import {type PingState, ping} from '../mail/ping.js';
import type {InstanceContext} from './command.js';

/** Tells the configured watchdog how far a run of packs is. Never throws; what fails is said on standard error. */
export const pingWatchdog = async (
	{system, settings}: Pick<InstanceContext, 'system' | 'settings'>,
	state: PingState,
): Promise<void> => {
	const address = settings.mail?.pingUrl;
	if (address === undefined) return;
	const failure = await ping(address, state);
	if (failure !== undefined) system.stderr.write(`zeoctl: cannot call ping-url: ${failure}\n`);
};
