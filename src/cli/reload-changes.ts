import {ZeoctlError} from '../platform/errors.js';
import {renderShellCommand} from '../platform/shell-word.js';
import {checkConfiguration} from '../settings/check.js';
import {type Change, compareConfigurations} from '../settings/compare.js';
import {explainFinding} from '../settings/explain.js';
import type {LoadedOrder} from '../supervisor/loaded-order.js';
import {parseArguments} from './arguments.js';
import type {InstanceContext} from './command.js';
import {splitOptions} from './getopt.js';
import {commandFor} from './render-changes.js';

/** Throws when the configuration, or that of the server, could not be used. */
export const checkBeforeReload = (context: InstanceContext): void => {
	const {system, commandLine} = context;
	const {environment, cwd} = system;
	const {findings} = checkConfiguration({overrides: commandLine.overrides, environment, cwd});
	const [first] = findings.filter(({severity}) => severity === 'error');
	if (first === undefined) return;
	throw new ZeoctlError('CONFIGURATION', `cannot reload: ${explainFinding(first)}`, {
		hint: commandFor(context, 'check'),
	});
};

/** What the configuration would change of what a supervisor has loaded, read with the flags of its start. */
export const findChanges = (context: InstanceContext, loaded: LoadedOrder): readonly Change[] => {
	const {system} = context;
	const {reading} = loaded;
	if (reading === undefined) return [];
	expectSameFlags(context, loaded, reading.flags);
	const {environment, cwd} = system;
	const {overrides} = parseArguments([...reading.flags, 'reload'], system.surroundings);
	const settings = system.loadSettings({overrides, environment, cwd});
	const server = system.findProgramServer(settings);
	return compareConfigurations(
		{...loaded, sources: reading.sources},
		{settings, server, sources: system.sources()},
	);
};

const expectSameFlags = (
	{system, commandLine, settings}: InstanceContext,
	loaded: LoadedOrder,
	flags: readonly string[],
): void => {
	const {configFile} = loaded.settings;
	const mine = otherFlags(commandLine.flags);
	const isSame = mine.length === 0 || JSON.stringify(mine) === JSON.stringify(otherFlags(flags));
	if (isSame && settings.configFile === configFile) return;
	throw new ZeoctlError(
		'USAGE',
		`cannot reload with other flags than those of the start: ${renderShellCommand([...system.ownName(), ...flags, 'reload'])}`,
	);
};

const otherFlags = (flags: readonly string[]): readonly (readonly string[])[] =>
	splitOptions([...flags, 'reload'])
		.options.filter(({spelling}) => !['-C', '--configure', '--json'].includes(spelling))
		.map(({spelling, value}) => [spelling, value]);
