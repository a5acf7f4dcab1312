import type {Problem} from './errors.js';

/** Where something stands. */
export type Position = {readonly url: string; readonly line: number};

/** One `key value` line. */
export type KeyNode = {
	readonly kind: 'key';
	/** As written. */
	readonly key: string;
	/** After substitution; undefined when the substitution failed, which is then reported already. */
	readonly value: string | undefined;
	readonly position: Position;
};

/** One section, with everything in it in the order of the text; included files are spliced in. */
export type SectionNode = {
	readonly kind: 'section';
	/** Folded to lower case. */
	readonly type: string;
	/** Folded to lower case. */
	readonly name: string | undefined;
	/** Written as `<type/>`. */
	readonly isEmpty: boolean;
	readonly items: Item[];
	readonly start: Position;
	/** The line of the end tag. */
	end: Position;
};

/** `%import PACKAGE`. */
type ImportNode = {
	readonly kind: 'import';
	readonly packageName: string;
	readonly position: Position;
};

/** A mistake of syntax, kept in its place: ZConfig would stop here. */
type ProblemNode = {readonly kind: 'problem'; readonly problem: Problem};

export type Item = KeyNode | SectionNode | ImportNode | ProblemNode;

/** A whole configuration. */
export type Tree = {
	/** URL of the file that was asked for. */
	readonly url: string;
	readonly items: readonly Item[];
	/** URLs of all files read, in order of first reading. */
	readonly sources: readonly string[];
};
