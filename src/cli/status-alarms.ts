import {runDirectoryOf} from '../control/snapshot.js';
import {readHistory} from '../history/history.js';
import {countGivenUp} from '../mail/given-up.js';
import {describeOverdue, overduePacks} from '../pack/overdue.js';
import {planStorages} from '../pack/planned-storages.js';
import {stateDirectoryOf} from '../settings/state-directory.js';
import type {InstanceContext} from './command.js';
import type {FoundAlarm} from './status-findings.js';

/** What is wrong with packs and mail, which no supervisor watches: storages that are overdue, mails that were given up. */
export const findPackAlarms = ({
	system,
	settings,
	instance,
}: InstanceContext): readonly FoundAlarm[] => {
	const runDirectory = runDirectoryOf(instance.socketPath);
	const directory = stateDirectoryOf(settings, {runDirectory, cwd: system.cwd});
	const storages = system.resolveServer(settings)?.storages ?? settings.storages;
	const now = system.clock.now() / 1000;
	const planned = planStorages(settings.packs, storages);
	const lost = settings.mail === undefined ? 0 : countGivenUp(directory);
	return [
		...overduePacks(planned.length === 0 ? [] : readHistory(directory), planned, now).map(
			(overdue): FoundAlarm => ({
				alarm: 'pack-overdue',
				level: 'alarm',
				text: describeOverdue(overdue),
				advice: 'zeoctl schedule and zeoctl pack history tell more',
			}),
		),
		...(lost === 0 ? [] : [mailAlarm(lost)]),
	];
};

const mailAlarm = (lost: number): FoundAlarm => ({
	alarm: 'mail',
	level: 'alarm',
	text: `${lost} ${lost === 1 ? 'mail' : 'mails'} could not be delivered`,
	advice: 'zeoctl mail queue tells why',
});
