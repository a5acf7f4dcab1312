/** What is changed in a text: whole lines go, and lines are added behind the last. */
export type LineEdits = {
	/** Counted from 1. */
	readonly removed: ReadonlySet<number>;
	/** Without line ends. */
	readonly appended: readonly string[];
};

/** The text after the edits; every other byte stays, also the kind of its line ends. */
export const applyLineEdits = (text: string, {removed, appended}: LineEdits): string => {
	const kept = splitLines(text).filter((_, index) => !removed.has(index + 1));
	const {lineEnd} = describeEnds(text);
	if (appended.length > 0) endLastLine(kept, lineEnd);
	return [...kept, ...appended.map(line => `${line}${lineEnd}`)].join('');
};

/** The edits as a unified diff that patch(1) applies; `/dev/null` stands for a file that is not there yet. */
export const renderDiff = (file: string, text: string | undefined, edits: LineEdits): string => {
	const lines = planLines(text ?? '', edits);
	const hunks = findHunks(lines);
	if (hunks.length === 0) return '';
	const from = text === undefined ? '/dev/null' : file;
	return [`--- ${from}\n+++ ${file}\n`, ...hunks.map(hunk => renderHunk(lines, hunk))].join('');
};

/** With its line end, if it has one. */
type Line = {readonly mark: ' ' | '-' | '+'; readonly text: string};

/** From and to this index in the list of lines, the latter excluded. */
type Hunk = {readonly start: number; readonly end: number};

const contextLines = 3;

const splitLines = (text: string): string[] => text.match(/[^\n]*\n|[^\n]+$/g) ?? [];

const describeEnds = (text: string): {lineEnd: string} => ({
	lineEnd: /\r\n/.test(text) ? '\r\n' : '\n',
});

const endLastLine = (lines: string[], lineEnd: string): void => {
	const last = lines.pop();
	if (last !== undefined) lines.push(last.endsWith('\n') ? last : `${last}${lineEnd}`);
};

const planLines = (text: string, {removed, appended}: LineEdits): readonly Line[] => {
	const {lineEnd} = describeEnds(text);
	const old = splitLines(text).map((line, index): Line => {
		return {mark: removed.has(index + 1) ? '-' : ' ', text: line};
	});
	const added = appended.map((line): Line => ({mark: '+', text: `${line}${lineEnd}`}));
	const last = old.at(-1);
	if (added.length === 0 || last === undefined || last.mark === '-' || last.text.endsWith('\n'))
		return [...old, ...added];
	// The line gets the end that it lacked.
	const ended: Line = {mark: '+', text: `${last.text}${lineEnd}`};
	return [...old.slice(0, -1), {mark: '-', text: last.text}, ended, ...added];
};

const findHunks = (lines: readonly Line[]): readonly Hunk[] => {
	const hunks: Hunk[] = [];
	for (const [index, {mark}] of lines.entries()) {
		if (mark === ' ') continue;
		const start = Math.max(0, index - contextLines);
		const end = Math.min(lines.length, index + contextLines + 1);
		const last = hunks.at(-1);
		if (last !== undefined && start <= last.end) hunks.push({start: hunks.pop()?.start ?? 0, end});
		else hunks.push({start, end});
	}
	return hunks;
};

const renderHunk = (lines: readonly Line[], {start, end}: Hunk): string => {
	const count = (part: readonly Line[], without: Line['mark']): number =>
		part.filter(({mark}) => mark !== without).length;
	const before = lines.slice(0, start);
	const shown = lines.slice(start, end);
	const range = (without: Line['mark']): string => {
		const length = count(shown, without);
		// Of an empty range the line before it is named.
		return `${count(before, without) + (length === 0 ? 0 : 1)},${length}`;
	};
	const body = shown.map(({mark, text}) =>
		text.endsWith('\n') ? `${mark}${text}` : `${mark}${text}\n\\ No newline at end of file\n`,
	);
	return `@@ -${range('+')} +${range('-')} @@\n${body.join('')}`;
};
