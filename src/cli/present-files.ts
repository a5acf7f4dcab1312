import {existsSync, readFileSync, statSync} from 'node:fs';
import {installedPath} from '../generate/places.js';
import type {GeneratedFile} from '../generate/plan.js';
import {judgeInstalled} from '../generate/seal.js';
import type {PresentFiles} from '../generate/steps.js';
import {isTerminal} from '../platform/terminal.js';
import type {Comparison} from '../scaffold/compare-plan.js';
import type {Context} from './command.js';
import {resolveConflicts} from './resolve-conflicts.js';

/**
 * The installed files that an installation has no work with: they are as they should be, or a person has changed them
 * and does not want them replaced. Who only wants to know what would be done is shown what would be asked about.
 */
export const findPresentFiles = async (
	context: Context,
	files: readonly GeneratedFile[],
	{isDry, isReplacing}: {readonly isDry: boolean; readonly isReplacing: boolean},
): Promise<PresentFiles> => {
	const all = files.map(compareInstalled);
	const same = pathsOf(all.filter(isSame));
	if (isReplacing) return {same, kept: new Set()};
	const isAsking = !context.json && isTerminal(0) && context.system.stdout.isTerminal;
	const {askReplace} = await import('../scaffold/wizard.js');
	const accepted = await resolveConflicts(context, all, {
		ask: isDry ? async () => false : isAsking ? askReplace : undefined,
		otherwise: 'type the command in a terminal to decide about each file; --replace replaces all',
	});
	const isKept = ({verdict, file}: Comparison): boolean =>
		verdict === 'none' || (verdict === 'conflict' && !accepted.has(file.path));
	return {same, kept: pathsOf(all.filter(isKept))};
};

const pathsOf = (comparisons: readonly Comparison[]): ReadonlySet<string> =>
	new Set(comparisons.map(({file}) => file.path));

const isSame = ({file, present}: Comparison): boolean =>
	present === file.content && (statSync(file.path).mode & 0o7777) === file.mode;

const compareInstalled = (file: GeneratedFile): Comparison => {
	const target = installedPath(file, '/etc');
	const placed = {...file, path: target};
	if (!existsSync(target)) return {file: placed, present: undefined, verdict: 'create'};
	const present = readFileSync(target, 'utf8');
	return {file: placed, present, verdict: judgeInstalled(present, file.content)};
};
