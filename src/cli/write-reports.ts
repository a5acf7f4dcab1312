import {createHash} from 'node:crypto';
import type {ReportSubject} from '../history/mail-record.js';
import {hashOf} from '../mail/entry-name.js';
import {renderForIdentifier} from '../mail/header-text.js';
import type {Message} from '../mail/message.js';
import {isRunAlive} from '../pack/run-life.js';
import {errorMessage} from '../platform/errors.js';
import {gatherFacts, type Report} from '../report/facts.js';
import {renderHtml} from '../report/html.js';
import type {Letter} from '../report/letter.js';
import {packLetter} from '../report/pack-letter.js';
import {type PackRun, unreportedRuns} from '../report/runs.js';
import {renderText} from '../report/text.js';
import {planCrashReport, planOverdueReport} from '../report/trouble.js';
import {crashLetter, overdueLetter} from '../report/trouble-letter.js';
import {alarmAfter, type Office} from './office.js';

/** What came of writing reports. */
export type Written = {
	/** Hashes of the messages that were put into the outbox. */
	readonly hashes: ReadonlySet<string>;
	/** What the outbox could not take; nothing of it is recorded as reported. */
	readonly unkept: readonly Unkept[];
};

export type Unkept = {readonly message: Message; readonly reason: string; recordAsReported(): void};

/**
 * Writes every report that is due into the outbox: of runs of packs that have none, of crashes, of packs that are
 * overdue. Each is made once: the history says so, and a message that is made again has the same Message-ID.
 */
export const writeReports = (office: Office): Written => {
	const hashes = new Set<string>();
	const unkept: Unkept[] = [];
	for (const {letter, about, run, key} of planLetters(office)) {
		const message = letter && toMessage(office, letter, `${about}-${key}`);
		const recordAsReported = (): void =>
			office.append({
				at: office.now(),
				event: 'report',
				about,
				run,
				message: message?.id ?? null,
			});
		try {
			if (message !== undefined) keep(office, message);
			recordAsReported();
			if (message !== undefined) hashes.add(hashOf(message.id));
		} catch (error) {
			if (message === undefined) throw error;
			unkept.push({message, reason: errorMessage(error), recordAsReported});
		}
	}
	return {hashes, unkept};
};

type Planned = {
	/** Undefined: noted, but not to be sent. */
	readonly letter: Letter | undefined;
	readonly about: ReportSubject;
	readonly run: string | null;
	/** Always the same for the same events. */
	readonly key: string;
};

const planLetters = (office: Office): readonly Planned[] => {
	const history = office.history();
	const now = office.now();
	const runs = unreportedRuns(history, {isAlive: isRunAlive, now});
	return [...runs.map(run => planPackLetter(office, run)), ...planTrouble(office)];
};

const planPackLetter = (office: Office, run: PackRun): Planned => {
	const report = reportOf(office, run);
	const isWanted = office.mail !== undefined && (report.isBad || office.mail.when === 'always');
	return {
		letter: isWanted ? packLetter(report, office.now()) : undefined,
		about: 'pack',
		run: run.run,
		key: run.run,
	};
};

const planTrouble = (office: Office): readonly Planned[] => {
	const {mail, instance, host} = office;
	if (mail === undefined) return [];
	const now = office.now();
	const sender = {instance, host, now};
	const history = office.history();
	const unrest = planCrashReport(history, {limit: mail.crashLimit, now});
	const storages = office.storages.flatMap(storage => {
		const seconds = alarmAfter(office, storage);
		return seconds === null ? [] : [{storage, alarmAfter: seconds}];
	});
	const overdue = planOverdueReport(history, storages, now);
	const newest = createHash('sha256').update(JSON.stringify(history.at(-1) ?? null));
	return [
		...(unrest === undefined
			? []
			: [
					{
						letter: crashLetter(unrest, sender),
						about: 'crash',
						run: null,
						key: newest.digest('hex').slice(0, 16),
					} as const,
				]),
		...(overdue.length === 0
			? []
			: [
					{
						letter: overdueLetter(overdue, sender),
						about: 'overdue',
						run: null,
						key: String(Math.floor(now / (7 * 86_400))),
					} as const,
				]),
	];
};

/** The facts about one run, as this office tells them. */
export const reportOf = (office: Office, run: PackRun): Report =>
	gatherFacts(office.history(), run, {
		instance: office.instance,
		host: office.host,
		now: office.now(),
		nextRun: office.nextRun(),
		alarmAfter: storage => alarmAfter(office, storage),
	});

/** A letter as a message whose id follows from `key`. */
export const toMessage = ({instance, host, now}: Office, letter: Letter, key: string): Message => ({
	id: `${renderForIdentifier(`${key}.${instance}`)}.zeoctl@${renderForIdentifier(host)}`,
	at: now(),
	subject: letter.subject,
	isBad: letter.isBad,
	text: renderText(letter),
	html: renderHtml(letter),
});

const keep = (office: Office, message: Message): void => {
	const reason = 'the outbox was full';
	for (const {id, subject} of office.spool.put(message)) {
		const at = office.now();
		office.append({
			at,
			event: 'mail',
			message: id,
			subject,
			result: 'dropped',
			reason,
			attempts: 0,
		});
		tellAlarm(office, `a mail was dropped unsent, because ${reason}: ${subject}`);
	}
};

/** Says what must not go unseen: in the history, and on standard error. */
export const tellAlarm = (office: Office, text: string): void => {
	office.append({at: office.now(), event: 'alarm', alarm: 'mail', text});
	office.warn(text);
};
