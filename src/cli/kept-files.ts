import {existsSync, readFileSync} from 'node:fs';
import {installedPath} from '../generate/places.js';
import type {GeneratedFile} from '../generate/plan.js';
import {judgeInstalled} from '../generate/seal.js';
import {isTerminal} from '../platform/terminal.js';
import type {Comparison} from '../scaffold/compare-plan.js';
import type {Context} from './command.js';
import {resolveConflicts} from './resolve-conflicts.js';

/**
 * The installed files that an installation must leave as they are, because a person has changed them and does not
 * want them replaced. Who only wants to know what would be done is shown what would be asked about.
 */
export const keptFiles = async (
	context: Context,
	files: readonly GeneratedFile[],
	{isDry, isReplacing}: {readonly isDry: boolean; readonly isReplacing: boolean},
): Promise<ReadonlySet<string>> => {
	if (isReplacing) return new Set();
	const comparisons = files.map(compareInstalled);
	const isAsking = !context.json && isTerminal(0) && context.system.stdout.isTerminal;
	const {askReplace} = await import('../scaffold/wizard.js');
	const accepted = await resolveConflicts(context, comparisons, {
		ask: isDry ? async () => false : isAsking ? askReplace : undefined,
		otherwise: 'type the command in a terminal to decide about each file; --replace replaces all',
	});
	return new Set(
		comparisons
			.filter(({verdict, file}) => verdict === 'conflict' && !accepted.has(file.path))
			.concat(comparisons.filter(({verdict}) => verdict === 'none'))
			.map(({file}) => file.path),
	);
};

const compareInstalled = (file: GeneratedFile): Comparison => {
	const target = installedPath(file, '/etc');
	const placed = {...file, path: target};
	if (!existsSync(target)) return {file: placed, present: undefined, verdict: 'create'};
	const present = readFileSync(target, 'utf8');
	return {file: placed, present, verdict: judgeInstalled(present, file.content)};
};
