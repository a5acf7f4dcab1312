import {accessSync, constants} from 'node:fs';
import path from 'node:path';
import {systemErrorCode} from '../platform/errors.js';
import {nearestFolder} from '../platform/nearest-folder.js';
import {renderShellCommand} from '../platform/shell-word.js';
import {ConfigurationError} from '../settings/configuration-error.js';
import {pathOfUrl} from '../settings/explain.js';
import {serverPlace} from '../settings/server-place.js';
import type {Context} from './command.js';
import {loadConfigured} from './configured.js';
import {enterInstance} from './enter-instance.js';
import {findServed} from './find-served-files.js';
import {instanceCommand} from './instance-command.js';
import {runningStorages} from './running-server.js';
import {sameCommandAs} from './same-command.js';

/**
 * The refusal of a conf, which names `rescue` where only folders of the conf have gone and a server has lived on whose
 * database was there, and where there is no conf that could be checked, what shows or opens it. Never rejects.
 */
export const adviseOnRefusal = async (
	context: Context,
	refusal: ConfigurationError,
): Promise<ConfigurationError> => {
	const opening = adviseOnOpening(context);
	if (opening !== undefined) return new ConfigurationError(refusal.problems, opening);
	if (!(await hasDisplaced(context).catch(() => false))) return refusal;
	const command = renderShellCommand([...instanceCommand(context), 'rescue']);
	return new ConfigurationError(
		refusal.problems,
		`do not end the server that runs before this: ${command}`,
	);
};

/** What to type about a conf that is not there, or may not be read. */
const adviseOnOpening = ({system, commandLine}: Context): string | undefined => {
	const file = path.resolve(system.cwd, pathOfUrl(commandLine.overrides.configFile ?? ''));
	try {
		accessSync(file, constants.R_OK);
		return undefined;
	} catch (error) {
		return systemErrorCode(error) === 'EACCES'
			? sameCommandAs('root', system)
			: renderShellCommand(['ls', nearestFolder(path.dirname(file))]);
	}
};

/** Whether a server has files that are not where they should be, or may not be looked at. Throws where more is wrong. */
const hasDisplaced = async (context: Context): Promise<boolean> => {
	const {system} = context;
	const settings = loadConfigured(context, {acceptsMissing: true});
	const instance = await enterInstance(context, settings, {forAnyone: true});
	try {
		const {files, isHidden} = await findServed(
			{system, settings, instance},
			runningStorages({system, settings}),
			serverPlace(settings, system.cwd).directory,
		);
		return isHidden || files.some(({state}) => state !== 'in-place');
	} finally {
		instance.close();
	}
};
