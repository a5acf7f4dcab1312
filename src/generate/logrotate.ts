import {ZeoctlError} from '../platform/errors.js';
import {renderPythonString as quote} from '../platform/python-repr.js';
import {renderShellCommand} from '../platform/shell-word.js';
import {commandLine} from './command-line.js';
import type {Planner} from './plan.js';
import {fillTemplate} from './template.js';

/** The file of logrotate for the logs that nobody else rotates; none without such logs. */
export const planLogrotate: Planner = (facts, templates) => {
	const {name, logs, user, group, directory} = facts;
	if (logs.length === 0) return [];
	const content = fillTemplate(templates.logrotate, {
		log: logs.map(renderLogrotatePath),
		...{user, group},
		directory: renderShellCommand([directory]),
		reopen: renderShellCommand(commandLine(facts, 'logreopen')),
	});
	return [{path: `logrotate.d/zeo-${name}`, mode: 0o644, content}];
};

/**
 * A path that logrotate reads as that one file: it splits words as a shell does, except that in quotes a backslash
 * stays unless it is before a quote, and then expands patterns. Throws for `{` and `}`, which it takes for those of
 * a block.
 */
export const renderLogrotatePath = (path: string): string => {
	if (/[{}]/.test(path))
		throw new ZeoctlError(
			'CONFIGURATION',
			`cannot write a file for logrotate: it takes the brace in ${quote(path)} for its own`,
			{hint: 'rename the folder or the log'},
		);
	return `"${path.replaceAll(/[\\*?[\]]/g, '\\$&').replaceAll('"', '\\"')}"`;
};
