import {describeFile} from '../health/lost-files.js';
import {ZeoctlError} from '../platform/errors.js';
import {renderShellCommand} from '../platform/shell-word.js';
import {serverPlace} from '../settings/server-place.js';
import type {InstanceContext} from './command.js';
import {findServed} from './find-served-files.js';
import {instanceCommand} from './instance-command.js';
import {saveOrGiveUp} from './refuse-loss.js';
import {runningStorages} from './running-server.js';

/**
 * Throws where the database of one of these storages has been deleted and a server still has it: to accept what is there
 * instead would let the next start begin without it.
 */
export const refuseAcceptedLoss = async (
	context: InstanceContext,
	names: readonly string[],
): Promise<void> => {
	const {system, settings, instance} = context;
	const {directory} = serverPlace(settings, system.cwd);
	const {files, isOurs, isHidden, pid} = await findServed(
		{system, settings, instance},
		runningStorages({system, settings}),
		directory,
	);
	if (isHidden)
		throw new ZeoctlError(
			'PERMISSION',
			`cannot accept a database: the server runs (pid ${pid}), and what it has open may not be seen`,
			{asUser: 'root'},
		);
	const lost = files.find(({storage, state}) => state === 'lost' && names.includes(storage));
	if (lost === undefined) return;
	const command = instanceCommand(context);
	const rescue = ['rescue', lost.storage];
	throw new ZeoctlError('DATA_LOSS', `cannot accept a database: ${describeFile(lost)}`, {
		hint: isOurs ? saveOrGiveUp(command, rescue) : renderShellCommand([...command, ...rescue]),
	});
};
