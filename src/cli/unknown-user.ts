import {ZeoctlError} from '../platform/errors.js';
import {renderShellCommand} from '../platform/shell-word.js';
import {ConfigurationError} from '../settings/configuration-error.js';
import type {Settings} from '../settings/settings.js';
import {findMadeInstance} from './made-instance.js';
import {makeUserWords} from './make-user.js';
import {nextCommands} from './next-commands.js';
import type {System} from './system.js';

/** What a command says of an instance whose user nobody knows: where the conf names it, and what makes it. */
export const unknownUser = (
	message: string,
	system: Pick<System, 'cwd' | 'identity' | 'programName' | 'ownName'>,
	{configFile, origins, runner: {user = ''}}: Settings,
): ZeoctlError => {
	const {user: origin} = origins;
	if (origin?.from !== 'file') return new ZeoctlError('USAGE', message);
	const {url, line} = origin;
	const instance = configFile === undefined ? undefined : findMadeInstance(configFile);
	const {start, install} =
		instance === undefined
			? {start: undefined, install: undefined}
			: nextCommands(system, instance.folder, {lacksUser: user});
	const sudo = system.identity.geteuid() === 0 ? [] : ['sudo'];
	return new ConfigurationError(
		[{message, style: 'structure', url, line}],
		start ?? install ?? renderShellCommand([...sudo, ...makeUserWords(user)]),
	);
};
