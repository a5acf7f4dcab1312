import {existsSync} from 'node:fs';
import path from 'node:path';
import type {Drift} from '../../../generate/drift.js';
import {isIntact} from '../../../generate/seal.js';
import {isForConf} from '../../../generate/steps.js';
import {isBooted} from '../../../systemd/booted.js';
import {isEnabled} from '../../../systemd/enabled.js';
import {type Check, ofConf} from '../check.js';
import {error, type Finding, fine, idle, orFine, warning} from '../finding.js';
import {readIfSeen} from '../seen-files.js';
import type {ServiceLook} from '../service-look.js';
import type {ConfiguredSubject, Subject} from '../subject.js';
import {fullUnit, stopSeconds} from '../unit-settings.js';
import {oneStarter} from './starters.js';

type Installed = Extract<ServiceLook, {readonly facts: unknown}>;

/** Of an instance that is no service there is nothing to say. */
const ofService = (question: {
	readonly name: string;
	readonly about: string;
	run(
		look: Installed,
		subject: ConfiguredSubject,
	): readonly Finding[] | Promise<readonly Finding[]>;
}): Check =>
	ofConf({
		group: 'service',
		name: question.name,
		about: question.about,
		async run(subject) {
			const look = await subject.service();
			if ('reason' in look) return [idle(look.reason)];
			return look.drift.length === 0 && look.unit === undefined
				? [idle('no file of a service is installed')]
				: question.run(look, subject);
		},
	});

const drift = ofService({
	name: 'drift',
	about: 'the installed unit, init script, cron and logrotate files are as they would be generated',
	run: (look, {zeoctlAsRoot}) => {
		const installed = [...new Set([...look.drift.map(({file}) => file), look.unit ?? ''])].filter(
			file => existsSync(file),
		);
		const foreign = installed.filter(file => !isForConf(readIfSeen(file), look.facts));
		return orFine(
			[
				...foreign.map(file =>
					warning(`${file} was not made by zeoctl for this conf`, {
						advice: 'compare it with what would be made',
						command: zeoctlAsRoot('generate', 'all', '--check'),
					}),
				),
				...look.refused
					.filter(({kind}) => kind === 'systemd' && look.unit !== undefined)
					.map(({reason}) => warning(`${look.unit} would not be made again: ${reason}`, {})),
				...judgeDrift(
					look.drift.filter(({file}) => !foreign.includes(file)),
					zeoctlAsRoot,
				),
			],
			installed.map(file => path.basename(file)).join(', '),
		);
	},
});

/** What installing again would change. */
export const judgeDrift = (
	found: readonly Drift[],
	zeoctlAsRoot: Subject['zeoctlAsRoot'],
): readonly Finding[] =>
	found.flatMap(({file, state}) =>
		state === 'same' ? [] : [warning(...describeDrift(file, state, zeoctlAsRoot))],
	);

const describeDrift = (
	file: string,
	state: Exclude<Drift['state'], 'same'>,
	zeoctlAsRoot: Subject['zeoctlAsRoot'],
): Parameters<typeof warning> => {
	switch (state) {
		case 'surplus':
			return [
				`${file} would not be generated any more`,
				{
					advice: 'uninstall takes all files away, install makes those of today',
					command: zeoctlAsRoot('uninstall', '--dry-run'),
				},
			];
		case 'edited':
			return [
				`${file} was changed by hand`,
				{
					advice: 'put changes of a unit into a drop-in (systemctl edit), then have it replaced',
					command: zeoctlAsRoot('install', '--replace'),
				},
			];
		case 'missing':
			return [`${file} is missing`, {command: zeoctlAsRoot('install')}];
		case 'differs':
			return [`${file} is not what would be generated`, {command: zeoctlAsRoot('install')}];
	}
};

const programs = ofService({
	name: 'programs',
	about: 'the programs and folders that the unit names are there',
	run({unit}) {
		if (unit === undefined) return [idle('no unit is installed')];
		return judgePrograms(unit, fullUnit(unit), existsSync);
	},
});

/** A unit that names what has been moved fails at the next boot. */
export const judgePrograms = (
	unit: string,
	text: string,
	exists: (file: string) => boolean,
): readonly Finding[] => {
	const lines = [...text.matchAll(/^(?:Exec\w+|WorkingDirectory)=[-@:+!]*(.*)$/gm)];
	const named = lines.flatMap(([, words = '']) => words.split(/\s+/).slice(0, 3));
	const files = [...new Set(named)].filter(word => /^\/[\w./@+-]+$/.test(word));
	return orFine(
		files
			.filter(file => !exists(file))
			.map(file =>
				error(`${unit} names '${file}', which does not exist`, {
					advice: 'install makes it anew, with the paths of today',
				}),
			),
		files.join(', '),
	);
};

const boot = ofService({
	name: 'boot',
	about: 'what is installed is started at boot, and what runs is that service',
	async run({unit, facts, drift: found}, {contact, asRoot, system, etc}) {
		if (unit === undefined || !isBooted()) return [idle('systemd does not run it')];
		const seen = await contact();
		const manager = seen.contact === 'session' ? seen.status.manager : undefined;
		const timer = path.join(etc, `systemd/system/pack-zeo-${facts.name}.timer`);
		const units = [unit, ...(found.some(({file}) => file === timer) ? [timer] : [])]
			.filter(file => existsSync(file))
			.map(file => path.basename(file));
		return orFine(
			[
				...units
					.filter(name => !isEnabled(name))
					.map(name =>
						warning(`${name} is installed and not started at boot`, {
							command: asRoot('systemctl', 'enable', name),
						}),
					),
				...(manager === undefined || system.unitOfProcess(manager) !== undefined
					? []
					: [
							warning(`the supervisor was started by hand beside ${unit}`, {
								advice: 'stop it, then let systemd start it',
								command: asRoot('systemctl', 'start', path.basename(unit)),
							}),
						]),
			],
			units.join(', '),
		);
	},
});

const stopTime = ofService({
	name: 'stop-time',
	about: 'systemd waits as long as a stop may take',
	run({unit}, {settings, zeoctlAsRoot, asRoot}) {
		if (unit === undefined) return [idle('no unit is installed')];
		const {stopTimeout} = settings.runner;
		const full = fullUnit(unit);
		const needed = stopTimeout + (asksForTime(full) ? 0 : settings.stopPackWait);
		const own = stopSeconds(readIfSeen(unit)) ?? usualStopSeconds;
		const isOverridden = own >= needed;
		return judgeStopTime(stopSeconds(full), {
			needed,
			remedy: isOverridden
				? {
						advice: `take TimeoutStopSec out of the drop-ins in ${unit}.d, or set it to ${needed} or more`,
						command: asRoot('systemctl', 'edit', path.basename(unit)),
					}
				: {
						command: zeoctlAsRoot('install', ...(isIntact(readIfSeen(unit)) ? [] : ['--replace'])),
					},
		});
	},
});

/** Whether a supervisor tells systemd when a stop waits for a pack. */
const asksForTime = (unit: string): boolean => /^Type=notify$/m.test(unit);

/** Seconds that systemd gives a stop, undefined for its own default, against those that one may need. */
export const judgeStopTime = (
	given: number | undefined,
	{needed, remedy}: {readonly needed: number; readonly remedy: Pick<Finding, 'advice' | 'command'>},
): readonly Finding[] =>
	(given ?? usualStopSeconds) >= needed
		? [fine(`${given ?? usualStopSeconds} s`)]
		: [
				error(
					`systemd kills everything ${given ?? usualStopSeconds} s after a stop, which may take ${needed} s`,
					remedy,
				),
			];

/** `DefaultTimeoutStopSec` of systemd-system.conf(5). */
const usualStopSeconds = 90;

/** What the machine does with the instance. */
export const serviceChecks: readonly Check[] = [drift, programs, boot, stopTime, oneStarter];
