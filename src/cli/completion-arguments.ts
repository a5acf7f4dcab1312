import {constants} from 'node:os';
import type {CommandHelp} from './command.js';
import type {Argument} from './completion-words.js';
import {checkGroups} from './doctor/check.js';

/** An option of an action; `value` completes the word after it, if it takes one. */
type ActionOption = {
	readonly names: readonly string[];
	readonly text: string;
	readonly value: Argument | undefined;
};

/** What may follow an action: its options, and words that are none. */
type ActionArguments = {
	readonly options: readonly ActionOption[];
	readonly argument: Argument;
};

/** Reads from the help of an action what may follow it. */
export const readArguments = ({
	usage,
	options = [],
}: Pick<CommandHelp, 'usage' | 'options'>): ActionArguments => {
	const listed = options.flatMap(readOption);
	const isListed = listed.some(({names}) => names.includes('--json'));
	const json: ActionOption = {names: ['--json'], text: 'one JSON document', value: undefined};
	return {
		options: [...listed, ...(usage.includes('--json') && !isListed ? [json] : [])],
		argument: readArgument(usage, options),
	};
};

/** Such as `-d, --days N`, where the value is that of both names, or `--certificate FILE, --key FILE`. */
const readOption = ([form, text]: readonly [string, string]): readonly ActionOption[] => {
	if (!form.startsWith('-')) return [];
	const spellings = form.split(', ').map(spelling => spelling.split(' '));
	const common = spellings.at(-1)?.[1];
	const values = new Map<string | undefined, string[]>();
	for (const [name = '', value = common] of spellings)
		values.set(value, [...(values.get(value) ?? []), name]);
	return [...values].map(([value, names]) => ({
		...{names, text},
		value: value === undefined ? undefined : argumentFor(value.replaceAll(/[[\]]/g, '')),
	}));
};

/** Words stand in lower case, in the usage or in the list, and what a person puts there in capitals. */
const readArgument = (usage: string, options: NonNullable<CommandHelp['options']>): Argument => {
	const others = usage.replaceAll(/-+[\w-]+(?: \[?[A-Z]+\]?)?/g, '');
	const forms = [...(others.match(/\w+/g) ?? []), ...options.map(([form]) => form)];
	const words = [...new Set(forms.filter(form => /^[a-z]+$/.test(form)))];
	if (words.length > 0) return {of: 'words', words};
	const [placeholder = ''] = others.match(/[A-Z]+/) ?? [];
	// After `--group` a group of the system is meant.
	return placeholder === 'GROUP' ? {of: 'words', words: checkGroups} : argumentFor(placeholder);
};

/** What completes that for which a word in capitals stands. */
const argumentFor = (placeholder: string): Argument => {
	switch (placeholder) {
		case 'CONF':
			return {of: 'conf-files'};
		case 'FILE':
		case 'ARGUMENT':
			return {of: 'files'};
		case 'DIR':
		case 'FOLDER':
			return {of: 'folders'};
		case 'GROUP':
			return {of: 'groups'};
		case 'ACTION':
			return {of: 'actions'};
		case 'SIGNAL':
			return {of: 'words', words: Object.keys(constants.signals).map(name => name.slice(3))};
		default:
			return {of: 'nothing'};
	}
};
