import {ZeoctlError} from '../platform/errors.js';
import {renderForTerminal} from '../platform/terminal-text.js';
import type {Comparison} from '../scaffold/compare-plan.js';
import {renderLineDiff} from '../scaffold/line-diff.js';
import type {Context} from './command.js';

/**
 * Shows what would change in files that a person has changed, and asks about each. Resolves to the paths that may be
 * replaced. Where nobody can be asked, or the person leaves, it is an error, before anything was written.
 */
export const resolveConflicts = async (
	{system}: Context,
	comparisons: readonly Comparison[],
	{
		ask,
		otherwise = 'type the command in a terminal, without --yes, to decide about each file',
	}: {
		readonly ask: ((file: string) => Promise<boolean | undefined>) | undefined;
		/** What to do where nobody can be asked. */
		readonly otherwise?: string;
	},
): Promise<ReadonlySet<string>> => {
	const conflicts = comparisons.filter(({verdict}) => verdict === 'conflict');
	const accepted = new Set<string>();
	for (const {file, present = ''} of conflicts) {
		const diff = renderLineDiff(file.path, present, file.content);
		system.stderr.write(diff.split('\n').map(renderForTerminal).join('\n'));
		const isSure = await ask?.(file.path);
		if (ask !== undefined && isSure === undefined)
			throw new ZeoctlError(
				'SCAFFOLD',
				`cannot write ${file.path}: nobody has decided about it; nothing was written`,
			);
		if (isSure === true) accepted.add(file.path);
	}
	if (ask === undefined && conflicts.length > 0)
		throw new ZeoctlError(
			'SCAFFOLD',
			`cannot write ${conflicts.map(({file}) => file.path).join(', ')}: changed by hand; nothing was written`,
			{hint: otherwise},
		);
	return accepted;
};
