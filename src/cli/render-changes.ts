import {renderShellCommand} from '../platform/shell-word.js';
import {renderForTerminal} from '../platform/terminal-text.js';
import type {Change, Effect} from '../settings/compare.js';
import type {InstanceContext} from './command.js';
import {instanceCommand} from './instance-command.js';

/** The command line of an action on the same instance. */
export const commandFor = (context: InstanceContext, action: string): string =>
	renderShellCommand([...instanceCommand(context), action]);

/** What has changed, line by line, under the command that makes it take effect. */
export const renderChanges = (
	context: InstanceContext,
	changes: readonly Change[] | undefined,
): string => {
	if (changes === undefined)
		return 'what has changed is not known: the supervisor has left no record\n';
	if (changes.length === 0) return 'no setting has changed\n';
	const headings: Readonly<Record<Effect, string>> = {
		reload: 'in effect from now on:',
		restart: `in effect after ${commandFor(context, 'restart')}:`,
		start: `in effect after ${commandFor(context, 'stop')} and a start:`,
	};
	return (['reload', 'restart', 'start'] as const)
		.map(effect => ({effect, lines: changes.filter(each => each.effect === effect).map(toLine)}))
		.filter(({lines}) => lines.length > 0)
		.map(({effect, lines}) => `${headings[effect]}\n${lines.join('')}`)
		.join('');
};

const toLine = ({name, before, after}: Change): string => {
	const values =
		before === null && after === null ? 'changed' : `${before ?? '(none)'} -> ${after ?? '(none)'}`;
	return `  ${renderForTerminal(`${name}: ${values}`)}\n`;
};
