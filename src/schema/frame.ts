import type {PositionStyle, Problem, ProblemSubject} from '../zconfig/errors.js';
import type {Item, Position, SectionNode} from '../zconfig/tree.js';
import type {Surroundings} from './datatypes.js';
import type {Child, Children, SectionMatch, SectionType} from './describe.js';
import type {OverrideBag} from './overrides.js';
import type {TypeRegistry} from './type-registry.js';

/** The place of a problem: the file as a whole has no line, the command line not even a URL. */
export type Place = {readonly url: string | undefined; readonly line: number | undefined};

/** One value of a key; undefined when its text could not be understood. `-X` gives no position. */
export type Entry = {readonly value: string | undefined; readonly position: Position | undefined};

/** One section that has ended. */
export type SectionEntry = {
	readonly type: SectionType<unknown>;
	/** Undefined when the section has problems of its own. */
	readonly match: SectionMatch<Readonly<Record<string, unknown>>> | undefined;
	readonly end: Position;
};

/** A place for sections. */
export type SectionChild = Extract<Child, {kind: 'section'}>;

/** A section (or the file) while its items are looked at. */
export type Frame = {
	readonly id: number;
	readonly items: readonly Item[];
	readonly node: SectionNode | undefined;
	readonly type: SectionType<unknown> | undefined;
	readonly children: Children;
	/** The place in the parent. */
	readonly place: string;
	readonly keys: Map<string, Entry[]>;
	/** Values of keys with free names. */
	readonly anyKeys: Map<string, Entry[]>;
	readonly sections: Map<string, SectionEntry[]>;
	readonly names: Set<string>;
	readonly bag: OverrideBag | undefined;
	/** Where mistakes that show at its end are reported: the line of the end tag, or the file. */
	readonly end: Place;
	/** How ZConfig prints that place. */
	readonly endStyle: PositionStyle;
	next: number;
	hasProblems: boolean;
};

/** One comparison of a tree with a schema. */
export type Run = {
	readonly surroundings: Surroundings;
	readonly registry: TypeRegistry;
	readonly problems: Problem[];
	readonly frames: Frame[];
	nextId: number;
};

/** What a problem is about; the rest is known from its frame. */
export type Subject = Pick<ProblemSubject, 'kind' | 'name' | 'known'>;

/** Nobody reads more than these. */
const mostProblems = 10_000;

/** The place of values that `-X` gives. */
export const commandLine: Place = {url: undefined, line: undefined};

/** A frame in which nothing has been looked at. */
export const newFrame = (
	start: Omit<Frame, 'keys' | 'anyKeys' | 'sections' | 'names' | 'next' | 'hasProblems'>,
): Frame => ({
	...start,
	keys: new Map(),
	anyKeys: new Map(),
	sections: new Map(),
	names: new Set(),
	next: 0,
	hasProblems: false,
});

/** Adds a problem of a section. */
export const report = (
	run: Run,
	frame: Frame,
	message: string,
	style: PositionStyle,
	{url, line}: Place,
	subject?: Subject,
): void => {
	addProblem(run, frame, {
		message,
		style,
		url,
		line,
		...(subject && {subject: {...subject, section: frame.type?.name, container: frame.id}}),
	});
};

/** Adds a problem that is described already. */
export const addProblem = (run: Run, frame: Frame, problem: Problem): void => {
	frame.hasProblems = true;
	if (run.problems.length < mostProblems) run.problems.push(problem);
};
