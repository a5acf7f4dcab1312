import {closeSync, fstatSync, openSync, readFileSync, readSync, writeSync} from 'node:fs';
import path from 'node:path';
import type {MailRecord, ReportRecord} from './mail-record.js';
import type {PackBeginRecord, PackEndRecord, PackRecord} from './pack-record.js';
import {trimHistory} from './trim.js';

/** One thing that happened, as a line of the history. `at` is Unix seconds, `uptime` seconds. */
export type HistoryRecord =
	| {
			readonly at: number;
			readonly event: 'start';
			readonly pid: number;
			readonly supervisor: number;
	  }
	| {
			readonly at: number;
			/** A program that an earlier supervisor had started. */
			readonly event: 'adoption';
			readonly pid: number;
			readonly supervisor: number;
	  }
	| {
			readonly at: number;
			/** The running program of a supervisor that has given it to this one. */
			readonly event: 'handover';
			readonly pid: number;
			readonly supervisor: number;
			readonly predecessor: number;
	  }
	| {readonly at: number; readonly event: 'refusal'; readonly reason: string}
	| {
			readonly at: number;
			readonly event: 'end';
			readonly pid: number;
			readonly code: number | null;
			readonly signal: string | null;
			readonly uptime: number;
			/** Whether a request had asked for the end. */
			readonly expected: boolean;
			readonly description: string;
			/** What was decided then. */
			/** `stop`: unasked as the end was, somebody has asked for a stop before anything followed. */
			readonly decision: 'restart' | 'pause' | 'leave' | 'stop';
			readonly lastOutput: readonly string[];
			/** Whether a server that ended with 0 says so in its log; absent where that cannot be told. */
			readonly isOrderly?: boolean;
			/** The kernel killed it for want of memory. */
			readonly outOfMemory?: true;
			/** The file of its memory image, or the command that shows it. */
			readonly core?: string;
			/** It ended with its supervisor, or after it: when is not known, `uptime` is the most that it can have been. */
			readonly unseen?: true;
			/** Of a server that ended with 0: storages whose index was not saved. */
			readonly unsavedIndexes?: readonly string[];
	  }
	/** Something that was decided, by a person or unasked; its effects follow as records of their own. */
	| {
			readonly at: number;
			readonly event: 'decision';
			/** The name of the command or rule, such as `accept-database` or `restart`. */
			readonly decision: string;
			/** About what: a storage, a file, a process. */
			readonly subject: string;
			/** One line for people. */
			readonly description: string;
			/** Who decided: a person as they say themselves, or `health`. */
			readonly by?: string;
	  }
	/** The server has stopped answering, or does again. */
	| {
			readonly at: number;
			readonly event: 'health';
			readonly verdict: 'ready' | 'failed';
			readonly reason: string | null;
			readonly pid: number | null;
	  }
	| {
			readonly at: number;
			readonly event: 'alarm';
			readonly alarm: string;
			readonly text: string;
	  }
	/** Output that was lost, or cannot be rotated; `text` is one line. */
	| {readonly at: number; readonly event: 'transcript'; readonly text: string}
	| PackBeginRecord
	| PackRecord
	| PackEndRecord
	| ReportRecord
	| MailRecord;

/** Beyond this the oldest is dropped. */
const mostBytes = 1_000_000;

/** The file of a history. */
export const historyFile = (directory: string): string => path.join(directory, 'history');

/**
 * Adds a line. One write each, so that lines of several processes do not mix; a line that a crash has torn is ended
 * first. Never throws: what cannot be recorded (a full disk) must not stop a server. The answer is whether it was.
 */
export const appendHistory = (directory: string, record: HistoryRecord): boolean => {
	try {
		const file = historyFile(directory);
		const descriptor = openSync(file, 'a+', 0o600);
		try {
			const {size} = fstatSync(descriptor);
			const mend = size > 0 && !endsWithNewline(descriptor, size) ? '\n' : '';
			const line = Buffer.from(`${mend}${JSON.stringify(record)}\n`);
			const isWhole = writeSync(descriptor, line) === line.length;
			if (size > mostBytes) trim(file);
			return isWhole;
		} finally {
			closeSync(descriptor);
		}
	} catch {
		// The event log, if there is one, tells the same.
		return false;
	}
};

/** A history that cannot be made shorter stays longer. */
const trim = (file: string): void => {
	try {
		trimHistory(file);
	} catch {
		// The next line tries again.
	}
};

const endsWithNewline = (descriptor: number, size: number): boolean => {
	const last = Buffer.alloc(1);
	readSync(descriptor, last, 0, 1, size - 1);
	return last[0] === 10;
};

/** The records of a state directory, oldest first; lines that are torn or of another version are passed over. */
export const readHistory = (directory: string): readonly HistoryRecord[] => {
	try {
		return readFileSync(historyFile(directory), 'utf8')
			.split('\n')
			.map(parseRecord)
			.filter(record => record !== undefined);
	} catch {
		return [];
	}
};

const knownEvents: ReadonlySet<string> = new Set<HistoryRecord['event']>([
	'start',
	'adoption',
	'handover',
	'refusal',
	'end',
	'decision',
	'health',
	'alarm',
	'transcript',
	'pack-begin',
	'pack',
	'pack-end',
	'report',
	'mail',
]);

/** A record from its line; undefined for one that is torn or of another version. */
export const parseRecord = (line: string): HistoryRecord | undefined => {
	try {
		const record: unknown = JSON.parse(line);
		const isKnown =
			typeof record === 'object' &&
			record !== null &&
			'at' in record &&
			'event' in record &&
			typeof record.event === 'string' &&
			knownEvents.has(record.event);
		return isKnown ? (record as HistoryRecord) : undefined;
	} catch {
		return undefined;
	}
};
