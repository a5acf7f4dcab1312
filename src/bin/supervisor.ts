import {writeSync} from 'node:fs';
import {version} from '../cli/version.js';
import {readGo, readLaunchOrder} from '../daemon/launch-lines.js';
import {runSupervisor} from '../daemon/main.js';
import {presentFolder} from '../platform/present-folder.js';
import {notifyVariable, reportVariable} from '../program/environment.js';

/** A supervisor in the background, as its launcher orders it; resolves to its exit status. */
export const run = async (): Promise<number> => {
	const descriptor = Number(process.env[reportVariable]);
	try {
		const order = readLaunchOrder(descriptor);
		// What runs for this supervisor, and its time zone, are as the conf says; it may have been there before the conf.
		Object.assign(process.env, order.settings.environment);
		return await runSupervisor({
			...order,
			environment: process.env,
			cwd: presentFolder(),
			// The successor of a service is one, too.
			mode:
				order.predecessor !== undefined && process.env[notifyVariable] !== undefined
					? 'foreground'
					: 'detached',
			reportDescriptor: descriptor,
			command: [process.execPath, ...process.execArgv, process.argv[1] ?? ''],
			awaitGo: () => readGo(descriptor),
			version,
			writeOutput: text => void writeSync(1, text),
			writeError: text => void writeSync(2, text),
		});
	} catch {
		// The launcher has been told why.
		return 1;
	}
};
