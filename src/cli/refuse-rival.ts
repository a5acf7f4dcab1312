import {ZeoctlError} from '../platform/errors.js';
import {orderVariable} from '../program/environment.js';
import type {SettledContext} from './command.js';
import {exitCode} from './exit-codes.js';
import {showError} from './show-error.js';

/** Refuses to be a supervisor beside the service that is installed for the conf. */
export const refuseRival = async (
	{system, json}: SettledContext,
	unit: string,
): Promise<number | undefined> => {
	// Somebody only wants to know what the conf says.
	if (system.environment[orderVariable] !== undefined) return undefined;
	const refusal = new ZeoctlError(
		'START_REFUSED',
		`cannot supervise here: ${unit} of systemd does, which would be a second owner`,
		{hint: `sudo systemctl start ${unit}`},
	);
	showError(system, refusal, json);
	return exitCode('refused');
};
