import type {Finding} from './check.js';
import type {FileSystem} from './file-system.js';
import {applyLineEdits, type LineEdits} from './line-edits.js';

/** A file as it would be. Texts are bytes as Latin-1 has them, so that none is lost. */
export type DraftedFile = {
	readonly file: string;
	/** Undefined for a file that is not there yet. */
	readonly before: string | undefined;
	readonly edits: LineEdits;
	readonly after: string;
};

type Place = {readonly file: string; readonly line: number};

/** Edits that are not written: texts as they would be, over those that are there. */
export const createDrafts = (below: FileSystem) => {
	const edits = new Map<string, {removed: Set<number>; appended: string[]}>();
	const originals = new Map<string, string | undefined>();
	const readOriginal = (file: string): string | undefined => {
		if (!originals.has(file))
			originals.set(
				file,
				below.exists(file) ? Buffer.from(below.readFile(file)).toString('latin1') : undefined,
			);
		return originals.get(file);
	};
	const open = (file: string) => {
		const known = edits.get(file) ?? {removed: new Set<number>(), appended: []};
		edits.set(file, known);
		return known;
	};
	const draft = (file: string): string | undefined => {
		const edit = edits.get(file);
		return edit && applyLineEdits(readOriginal(file) ?? '', edit);
	};
	const lineBefore = ({file = '', line = 0}: Pick<Finding, 'file' | 'line'>): number => {
		const removed = edits.get(file)?.removed ?? new Set();
		let before = 0;
		for (let left = line; left > 0; ) {
			before++;
			if (!removed.has(before)) left--;
		}
		return before;
	};
	return {
		fileSystem: {
			...below,
			exists: (file: string) => edits.has(file) || below.exists(file),
			readFile(file: string) {
				const text = draft(file);
				return text === undefined ? below.readFile(file) : Buffer.from(text, 'latin1');
			},
		} satisfies FileSystem,
		/** Whether the line of a finding is one of ours to take: of a local file, and with this key. */
		holds(file: string | undefined, line: number | undefined, key: string): boolean {
			if (file === undefined || line === undefined || !file.startsWith('/')) return false;
			const text = draft(file) ?? readOriginal(file);
			const found = text?.split('\n')[line - 1]?.trim().toLowerCase() ?? '';
			return found.split(/\s/)[0] === key.toLowerCase();
		},
		/** The line in the original text. */
		lineBefore,
		remove(places: readonly Place[]): void {
			for (const {file, line} of places) open(file).removed.add(line);
		},
		append(file: string, lines: readonly string[]): void {
			open(file).appended.push(...lines);
		},
		files: (): readonly DraftedFile[] =>
			[...edits].map(([file, edit]) => ({
				file,
				before: readOriginal(file),
				edits: edit,
				after: draft(file) ?? '',
			})),
	};
};
