import {ZeoctlError} from '../platform/errors.js';
import {nearestName} from '../platform/nearest-name.js';
import {renderPythonString as quote} from '../platform/python-repr.js';
import {renderShellCommand} from '../platform/shell-word.js';
import type {Action} from './action.js';
import type {CommandHelp} from './command.js';
import {orderHint} from './conf-hint.js';
import type {System} from './system.js';

/**
 * Refuses the words behind an action that takes none but its options: who types `stop --dry-run` does not want a stop.
 * Words without a hyphen are ignored where zdaemon ignores them.
 */
export const refuseWords = (
	{name, options = [], otherWords}: CommandHelp,
	{argumentWords}: Pick<Action, 'argumentWords'>,
	system: System,
): void => {
	if (otherWords === undefined) return;
	const known = options.map(([option]) => option);
	const odd = argumentWords.find(
		word => !known.includes(word) && (otherWords === 'refused' || word.startsWith('-')),
	);
	if (odd === undefined) return;
	const nearest = odd.startsWith('-') ? nearestName(odd, [...known, '--json']) : undefined;
	const meant = nearest === undefined ? '' : `; did you mean '${nearest}'?`;
	throw new ZeoctlError('USAGE', `${name} does not take ${quote(odd)}${meant}`, {
		hint: orderHint(system) ?? renderShellCommand(['zeoctl', 'help', name]),
	});
};
