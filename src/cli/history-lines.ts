import type {HistoryRecord} from '../history/history.js';
import {renderBytes, renderDuration, renderTime} from '../platform/quantities.js';
import {renderForTerminal} from '../platform/terminal-text.js';

type Event = HistoryRecord['event'];
type RecordOf<Name extends Event> = Extract<HistoryRecord, {readonly event: Name}>;

/** A record as people read it: one line with its local time, for an end that nobody asked for the last output below. */
export const renderRecord = (record: HistoryRecord): string => {
	const first = `${renderTime(record.at)}  ${record.event.padEnd(kindWidth)}  ${wordsOf(record)}`;
	const output = record.event === 'end' && !record.expected ? record.lastOutput : [];
	return [first, ...output.map(line => `${indent}| ${line}`)]
		.map(line => `${renderForTerminal(line).trimEnd()}\n`)
		.join('');
};

const kindWidth = 'pack-begin'.length;
const indent = ' '.repeat('2026-11-23 04:13:51  '.length);

const wordsOf = (record: HistoryRecord): string => {
	switch (record.event) {
		case 'start':
		case 'adoption':
			return `pid ${record.pid} (supervisor ${record.supervisor})`;
		case 'handover':
			return `pid ${record.pid} (supervisor ${record.supervisor}, from ${record.predecessor})`;
		case 'refusal':
			return record.reason;
		case 'end':
			return describeEnd(record);
		case 'decision': {
			const {decision, subject, description, by} = record;
			return `${decision} ${subject}: ${description}${by === undefined ? '' : ` (by ${by})`}`;
		}
		case 'health': {
			const {verdict, reason, pid} = record;
			const words = verdict === 'ready' ? 'the server answers again' : (reason ?? verdict);
			return pid === null ? words : `pid ${pid}: ${words}`;
		}
		case 'alarm':
			return `${record.alarm}: ${record.text}`;
		case 'pack-begin':
			return `${record.storages.join(', ')} (by ${record.by})`;
		case 'pack':
			return describePack(record);
		case 'pack-end':
			return record.slot === null ? 'over' : `over, for the slot of ${renderTime(record.slot)}`;
		case 'transcript':
			return record.text;
		case 'report':
			return describeReport(record);
		case 'mail':
			return describeMail(record);
	}
};

const decisions = {
	restart: 'started again',
	pause: 'to be started again after a pause',
	leave: 'the supervisor left',
	stop: 'then stopped as asked',
} satisfies Record<RecordOf<'end'>['decision'], string>;

/** The cause, how long it had lived, whether that was asked for, what followed, and what the next start meets. */
const describeEnd = (end: RecordOf<'end'>): string => {
	const {pid, description, uptime, unseen, expected, decision, unsavedIndexes} = end;
	const index =
		unsavedIndexes === undefined
			? []
			: unsavedIndexes.length === 0
				? ['index saved']
				: [`index of ${unsavedIndexes.join(', ')} NOT saved`];
	return [
		`${pid === 0 ? '' : `pid ${pid}: `}${description}`,
		`after ${unseen ? 'at most ' : ''}${renderDuration(uptime)}`,
		expected ? 'as asked' : 'unasked',
		decisions[decision],
		...index,
	].join(', ');
};

const describeReport = ({about, run, message}: RecordOf<'report'>): string => {
	const subject = run === null ? about : `${about} (run ${run})`;
	return message === null ? `${subject}, not to be sent` : `${subject}, as ${message}`;
};

const describeMail = ({subject, result, reason, attempts}: RecordOf<'mail'>): string => {
	const times = attempts === 1 ? '1 attempt' : `${attempts} attempts`;
	return `${result} after ${times}: ${subject}${reason === null ? '' : ` (${reason})`}`;
};

const describePack = ({
	storage,
	outcome,
	reason,
	seconds,
	before,
	after,
}: RecordOf<'pack'>): string => {
	const [from, to] = [before?.size ?? null, after?.size ?? null];
	return [
		`${storage}: ${outcome}`,
		...(reason === null ? [] : [reason]),
		...(from === null || to === null ? [] : [`${renderBytes(from)} to ${renderBytes(to)}`]),
		`in ${renderDuration(seconds)}`,
	].join(', ');
};
