import {existsSync} from 'node:fs';
import path from 'node:path';
import {ZeoctlError} from '../platform/errors.js';
import {renderShellCommand} from '../platform/shell-word.js';
import type {Settings} from '../settings/settings.js';
import type {Context} from './command.js';
import {openInstance} from './instance.js';
import {instanceCommand} from './instance-command.js';

/** Throws where a supervisor, or a program without one, runs that is not of this service: the service could not start. */
export const refuseRunning = async (
	{system, commandLine}: Context,
	settings: Settings,
	unit: string,
): Promise<void> => {
	const environment = system.environment;
	const instance = openInstance({system, settings, environment, warn: () => undefined});
	try {
		// The folder of its socket, too, may be made by the installation.
		if (!existsSync(path.dirname(instance.socketPath))) return;
		const reached = await instance.reach();
		const pid = reached.contact === 'session' ? reached.status.manager : reached.program?.pid;
		if (pid === undefined || system.unitOfProcess(pid) === unit) return;
		throw new ZeoctlError(
			'ALREADY_SUPERVISED',
			`cannot install the service: the program was started without it and runs (pid ${pid})`,
			{hint: renderShellCommand([...instanceCommand({system, commandLine}), 'stop'])},
		);
	} finally {
		instance.close();
	}
};
