import {
	closeSync,
	fsyncSync,
	openSync,
	readFileSync,
	renameSync,
	rmSync,
	statSync,
	writeSync,
} from 'node:fs';
import {systemErrorCode} from '../platform/errors.js';

/** What a line is about; of each the newest are kept, whatever else floods the history. */
type Subject = 'packs' | 'schedules' | 'mail' | 'others';

/** Bytes of each that a trimmed history keeps. */
const budgets: Readonly<Record<Subject, number>> = {
	packs: 500_000,
	schedules: 50_000,
	mail: 100_000,
	others: 250_000,
};

/** Who makes a shorter file takes less than so many milliseconds, or has died. */
const patienceMs = 60_000;

/**
 * Makes a history shorter, at most the sum of the budgets: a server that crashes all night must not push out what is
 * known of years of packs. What another process appends meanwhile is kept. Throws system errors; the history is then
 * as it was.
 */
export const trimHistory = (file: string): void => {
	const replacement = `${file}.new`;
	const target = openExclusively(replacement);
	if (target === undefined) return;
	const source = openSync(file, 'r');
	try {
		const text = readFileSync(source, 'latin1');
		writeSync(target, chooseLines(text.split('\n')).join('\n'), null, 'latin1');
		fsyncSync(target);
		renameSync(replacement, file);
		const late = readFileSync(source, 'latin1');
		if (late !== '') writeSync(target, late, null, 'latin1');
	} catch (error) {
		rmSync(replacement, {force: true});
		throw error;
	} finally {
		closeSync(source);
		closeSync(target);
	}
};

/** Undefined while another process does the same. */
const openExclusively = (file: string): number | undefined => {
	try {
		return openSync(file, 'ax', 0o600);
	} catch (error) {
		if (systemErrorCode(error) !== 'EEXIST') throw error;
		if (Date.now() - statSync(file).mtimeMs > patienceMs) rmSync(file, {force: true});
		return undefined;
	}
};

/** The newest lines of each subject, in their order. */
const chooseLines = (lines: readonly string[]): readonly string[] => {
	const room = {...budgets};
	const newestFirst = lines.toReversed().filter(line => {
		const subject = subjectOf(line);
		room[subject] -= line.length + 1;
		return room[subject] >= 0;
	});
	return newestFirst.reverse();
};

const subjectOf = (line: string): Subject => {
	const record = parse(line);
	switch (record['event']) {
		case 'pack-begin':
		case 'pack':
		case 'pack-end':
			return 'packs';
		case 'report':
			return record['about'] === 'crash' ? 'mail' : 'packs';
		case 'mail':
			return 'mail';
		case 'decision':
			return record['decision'] === 'pack-schedule' ? 'schedules' : 'others';
		default:
			return 'others';
	}
};

const parse = (line: string): Readonly<Record<string, unknown>> => {
	try {
		const value: unknown = JSON.parse(line);
		return typeof value === 'object' && value !== null ? {...value} : {};
	} catch {
		return {};
	}
};
