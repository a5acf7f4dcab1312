import {
	type Form,
	formOf,
	type ZdaemonValues,
	type ZeoctlValues,
	zdaemonSchema,
	zeoctlSchema,
} from '../schema/forms.js';
import {matchTree} from '../schema/match.js';
import {type Override, parseSpecifier} from '../schema/overrides.js';
import type {Problem} from '../zconfig/errors.js';
import {sourceReader} from '../zconfig/include.js';
import {parseConfiguration} from '../zconfig/parse.js';
import type {SectionNode, Tree} from '../zconfig/tree.js';
import {type FileSystem, surroundingsOf} from './file-system.js';

/** Where a configuration is read. */
export type ReadingPlace = {
	readonly environment: Readonly<Record<string, string | undefined>>;
	readonly cwd: string;
	readonly fileSystem: FileSystem;
};

/** A supervisor's file; `values` is undefined when there are problems. */
export type Configuration = {
	readonly tree: Tree;
	readonly problems: readonly Problem[];
} & (
	| {readonly form: 'zdaemon'; readonly values: ZdaemonValues | undefined}
	| {readonly form: 'zeoctl'; readonly values: ZeoctlValues | undefined}
);

/** Reads a file with everything it includes; mistakes stay in the tree. */
export const readTree = (location: string, {environment, cwd, fileSystem}: ReadingPlace): Tree => {
	const read = sourceReader(file => {
		const content = fileSystem.readFile(file);
		fileSystem.noteSource?.(file, content);
		return content;
	}, cwd);
	return parseConfiguration({location, read, environment});
};

/** Reads and checks a supervisor's file in whichever form it has. */
export const readConfiguration = (
	location: string,
	specifiers: readonly string[],
	place: ReadingPlace,
): Configuration => {
	const overrides: Override[] = [];
	for (const specifier of specifiers) {
		const override = parseSpecifier(specifier);
		if ('message' in override) return refusedSpecifier(override.message);
		overrides.push(override);
	}
	const tree = readTree(location, place);
	if (tree.sources.length === 0) return unreadable(tree);
	const form: Form = formOf(tree);
	const surroundings = surroundingsOf(place.fileSystem, place.environment, place.cwd);
	if (form === 'zeoctl') {
		return {form, tree, ...matchTree({tree, schema: zeoctlSchema(), surroundings, overrides})};
	}
	return {form, tree, ...matchTree({tree, schema: zdaemonSchema(), surroundings, overrides})};
};

/** What a file would say that gives nothing but a program. */
export const defaultConfiguration = (place: ReadingPlace): Configuration => {
	const position = {url: '', line: 0};
	const program = {kind: 'key', key: 'program', value: '', position} as const;
	const runner = {
		kind: 'section',
		type: 'runner',
		name: undefined,
		isEmpty: true,
		items: [program],
		start: position,
		end: position,
	} satisfies SectionNode;
	const tree = {url: '', items: [runner], sources: []};
	const surroundings = surroundingsOf(place.fileSystem, place.environment, place.cwd);
	return {form: 'zdaemon', tree, ...matchTree({tree, schema: zdaemonSchema(), surroundings})};
};

const unreadable = (tree: Tree): Configuration => ({
	form: 'zdaemon',
	tree,
	values: undefined,
	problems: tree.items.flatMap(item => (item.kind === 'problem' ? [item.problem] : [])),
});

const refusedSpecifier = (message: string): Configuration => ({
	form: 'zdaemon',
	tree: {url: '', items: [], sources: []},
	values: undefined,
	problems: [{message, style: 'specifier', url: undefined, line: undefined}],
});
