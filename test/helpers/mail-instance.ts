import {appendFileSync, mkdirSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import type {ExecutionContext} from 'ava';
import {type HistoryRecord, readHistory} from '../../src/history/history.js';
import type {Report} from '../../src/report/facts.js';
import {type Supervised, supervised} from './supervised.js';
import type {Result} from './zeoctl.js';

/** One line of `mail queue --json`. */
export type Waiting = {
	readonly state: string;
	readonly subject: string;
	readonly message: string;
	readonly attempts: number;
	readonly reason: string | null;
};

/** An instance with a `<mail>` section, whose history a test writes. */
export type MailInstance = Supervised & {
	readonly state: string;
	append(...records: readonly HistoryRecord[]): void;
	history(): readonly HistoryRecord[];
	mail(...words: readonly string[]): Promise<Result>;
	queue(): Promise<readonly Waiting[]>;
	report(): Promise<Report>;
};

/** `lines` are those of the `<mail>` section after its `to`; the authority is trusted by all that the command does. */
export const mailInstance = (
	t: ExecutionContext<unknown>,
	lines: readonly string[],
	options: {
		readonly to?: string;
		readonly authority?: string;
		readonly program?: string;
		readonly runner?: string;
		readonly state?: string;
		/** Further sections. */
		readonly sections?: string;
	} = {},
): MailInstance => {
	const {to = 'admin@example.org', authority, program, runner, state: configured} = options;
	const sections = [
		...(configured === undefined ? [] : [`<zeoctl>\nstate-directory ${configured}\n</zeoctl>`]),
		...(options.sections === undefined ? [] : [options.sections]),
		`<pack>\n</pack>`,
		`<mail>\nto ${to}\n${lines.join('\n')}\n</mail>\n`,
	].join('\n');
	const instance = supervised(t, {
		sections,
		...(program !== undefined && {program}),
		...(runner !== undefined && {runner}),
	});
	const state = configured ?? instance.at('.sock.d');
	mkdirSync(state, {recursive: true, mode: 0o700});
	const env = {SSL_CERT_FILE: authority};
	const mail = (...words: readonly string[]): Promise<Result> =>
		instance.run(['mail', ...words], {env, limitMs: 300_000});
	return {
		...instance,
		state,
		mail,
		append(...records) {
			const text = records.map(record => `${JSON.stringify(record)}\n`).join('');
			appendFileSync(path.join(state, 'history'), text);
		},
		history: () => readHistory(state),
		async queue() {
			const {messages}: {messages: Waiting[]} = JSON.parse((await mail('queue', '--json')).stdout);
			return messages;
		},
		report: async () => JSON.parse((await instance.run(['report', '--json'])).stdout),
	};
};

/** Writes a password that only its owner may read. */
export const passwordFile = (folder: string, password: string, mode = 0o600): string => {
	const file = path.join(folder, 'password');
	writeFileSync(file, password, {mode});
	return file;
};
