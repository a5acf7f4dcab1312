import type {Alarm} from '../control/messages.js';
import type {HealthSettings, ServerSettings} from '../settings/settings.js';
import type {StorageHealth} from '../zeo/health-document.js';
import type {ProbeResult} from './probe.js';

/** Something to be told, before it is known since when it is so. Times are Unix seconds. */
export type Finding = Omit<Alarm, 'since'> & {
	/** With the name of the alarm, what makes it the same as at the last look. */
	readonly subject: string;
	/** When it began, where the server tells. */
	readonly since?: number;
};

type ServerFindings = {
	readonly probe: ProbeResult;
	readonly server: ServerSettings;
	readonly settings: HealthSettings;
	readonly now: number;
};

/** Clients in the queue beyond which ZEO itself writes a warning (`ZEO/StorageServer.py`). */
const mostWaiting = 3;
const daySeconds = 86_400;
const expiryDays = 14;

/** What a server's answer shows that a person should know. */
export const findServerAlarms = ({
	probe,
	server,
	settings,
	now,
}: ServerFindings): readonly Finding[] => {
	if (probe.probe !== 'ready') {
		return probe.probe === 'unready' && probe.problem === 'missing-storage'
			? [missingStorage(probe.reason)]
			: [];
	}
	const storages = server.storages.flatMap(({name}) => {
		const health = probe.storages?.get(name);
		return health === undefined ? [] : findStorageAlarms({name, health, server, settings, now});
	});
	return [...findTlsAlarms(probe, server, now), ...storages];
};

const missingStorage = (reason: string): Finding => ({
	alarm: 'missing-storage',
	subject: reason,
	level: 'alarm',
	text: reason,
	advice:
		'its conf has changed since it was started, or another server answers: compare, then restart',
});

const findTlsAlarms = (
	{refusal, certificate}: Extract<ProbeResult, {probe: 'ready'}>,
	{zeo}: ServerSettings,
	now: number,
): readonly Finding[] => {
	const findings: Finding[] = [];
	const subject = zeo.tls?.certificate ?? '';
	const note = (level: Finding['level'], alarm: string, text: string, advice: string) =>
		findings.push({alarm, subject, level, text, advice});
	if (refusal !== undefined) {
		const advice = `let ${zeo.tls?.authenticate ?? 'authenticate'} hold the server's own certificate, then restart: until then storages and commit lock cannot be watched`;
		note('alarm', 'tls-refused', refusal, advice);
	}
	if (certificate === undefined) return findings;
	if (!certificate.isConfigured) {
		const text = `the server uses another certificate than ${subject} holds`;
		note(
			'notice',
			'certificate-changed',
			text,
			'ZEO reads certificates at its start only: restart',
		);
	}
	if (certificate.expiresAt - now < expiryDays * daySeconds) {
		const day = new Date(certificate.expiresAt * 1000).toISOString().slice(0, 10);
		const verb = certificate.expiresAt < now ? 'expired' : 'expires';
		const text = `the certificate of the server ${verb} on ${day}`;
		note('alarm', 'certificate-expires', text, 'renew it, then restart the server');
	}
	return findings;
};

type StorageFindings = Omit<ServerFindings, 'probe'> & {
	readonly name: string;
	readonly health: StorageHealth;
};

const findStorageAlarms = (about: StorageFindings): readonly Finding[] => {
	const {name, health, settings, now} = about;
	const findings: Finding[] = [];
	const note = (alarm: string, finding: Omit<Finding, 'alarm' | 'subject'>) =>
		findings.push({alarm, subject: name, ...finding});
	const {lockTime, waiting, timeoutThreadAlive, lastTransaction} = health;
	if (lockTime !== null && now - lockTime >= settings.commitLockAlarm) {
		const text = `a client holds the commit lock of storage '${name}'`;
		note('commit-lock', {level: 'alarm', since: lockTime, text, advice: lockAdvice(about)});
	}
	if (waiting !== null && waiting > mostWaiting) {
		const text = `clients wait for the commit lock of storage '${name}' (${waiting} at the last look)`;
		note('waiting', {level: 'alarm', text, advice: null});
	}
	if (timeoutThreadAlive === false) {
		const text = `the thread that enforces transaction-timeout has ended (storage '${name}')`;
		note('timeout-thread', {level: 'alarm', text, advice: 'restart the server when it suits'});
	}
	if (lastTransaction !== null && /^0+$/.test(lastTransaction)) {
		const text = `storage '${name}' is empty`;
		const advice = 'as it should be for a new database; else stop the server and look for its data';
		note('empty-storage', {level: 'notice', text, advice});
	}
	return findings;
};

const lockAdvice = ({server}: StorageFindings): string => {
	const limit = server.zeo.transactionTimeout;
	return limit === undefined
		? 'find and end that client; with a transaction-timeout in <zeo> the server does it itself'
		: `transaction-timeout (${limit} s) should end that: find the client, or restart the server`;
};
