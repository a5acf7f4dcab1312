import {ZeoctlError} from '../platform/errors.js';
import type {Settings} from '../settings/settings.js';
import type {Context} from './command.js';
import {confHint} from './conf-hint.js';

/**
 * The settings that a command line names. Throws a usage error where it names neither a conf nor a program. Without
 * `acceptsMissing` what a value names must exist, as ZConfig has it.
 */
export const loadConfigured = (
	{system, commandLine}: Context,
	{acceptsMissing = false}: {readonly acceptsMissing?: boolean} = {},
): Settings => {
	const {overrides} = commandLine;
	if (overrides.configFile === undefined && overrides.program === undefined)
		throw new ZeoctlError('USAGE', 'no program specified; use -p or -C', confHint(system));
	const {environment, cwd} = system;
	return system.loadSettings({overrides, environment, cwd, acceptsMissing});
};
