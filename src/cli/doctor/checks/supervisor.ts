import type {Status} from '../../../control/messages.js';
import {type Check, ofConf} from '../check.js';
import {error, type Finding, fine, idle, unknown, warning} from '../finding.js';
import type {Subject} from '../subject.js';

const state = ofConf({
	group: 'program',
	name: 'supervisor',
	about: 'the supervisor answers, and has not given its program up',
	async run({contact, user, zeoctl}) {
		const seen = await contact();
		switch (seen.contact) {
			case 'unusable':
				if (!user.isSelf) return [unknown(seen.reason)];
				return [error(seen.reason, seen.hint === undefined ? {} : {command: seen.hint})];
			case 'stale':
			case 'absent':
				return seen.program === undefined
					? [fine('nothing runs')]
					: [
							warning(`process ${seen.program.pid} runs without a supervisor`, {
								advice: 'a start takes it over as it is',
								command: zeoctl('start'),
							}),
						];
			case 'session':
				return judgeStatus(seen.status, zeoctl);
		}
	},
});

/** How a supervisor is doing, as findings. */
export const judgeStatus = (
	{state: name, pid, reason, restarts, backoff, lastExit}: Status,
	zeoctl: Subject['zeoctl'],
): readonly Finding[] => {
	const end = lastExit === null ? '' : `; the last life: ${lastExit.description}`;
	switch (name) {
		case 'failed':
			return [
				error(`given up: ${reason ?? 'the program ended too often'}${end}`, {
					command: zeoctl('history'),
				}),
			];
		case 'backoff':
			return [
				error(`the program is down and will be tried again after ${backoff} s${end}`, {
					command: zeoctl('history'),
				}),
			];
		case 'stopped':
			return [warning(`the program is down${end}`, {command: zeoctl('start')})];
		default:
			return [fine(`${name}, process ${pid ?? 'none'}, ${restarts ?? 0} restarts`)];
	}
};

const alarms = ofConf({
	group: 'program',
	name: 'health',
	about: 'the server is looked at while it runs, and nothing is wrong with it',
	async run({contact, settings, zeoctl, system}) {
		if (settings.health === undefined && system.findProgramServer(settings) === undefined)
			return [idle('the program is no ZEO server')];
		if (settings.health === undefined)
			return [
				warning('nobody notices a server that hangs: the conf has no <health> section', {
					advice: 'add the line <health/> to the conf of zeoctl, then reload',
					command: zeoctl('reload'),
				}),
			];
		const seen = await contact();
		const health = seen.contact === 'session' ? seen.status.health : null;
		if (health === null) return [fine(`every ${settings.health.interval} s, while it runs`)];
		return judgeHealth(health, zeoctl);
	},
});

/** What the periodic look found, as findings. */
export const judgeHealth = (
	{verdict, reason, alarms: found}: NonNullable<Status['health']>,
	zeoctl: Subject['zeoctl'],
): readonly Finding[] => {
	const troubles = found.map(({level, text, advice}) =>
		(level === 'alarm' ? error : warning)(text, {
			...(advice !== null && {advice}),
			command: zeoctl('status'),
		}),
	);
	if (verdict === 'ready' || verdict === 'unknown')
		return troubles.length > 0
			? troubles
			: [fine(verdict === 'ready' ? 'it answers' : 'not looked at yet')];
	return [
		error(`it does not answer: ${reason ?? 'unknown why'}`, {command: zeoctl('history')}),
		...troubles,
	];
};

/** How the supervisor is, and what it sees. */
export const supervisorChecks: readonly Check[] = [state, alarms];
