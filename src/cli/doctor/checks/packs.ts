import {readHistory} from '../../../history/history.js';
import {describeOverdue, overduePacks} from '../../../pack/overdue.js';
import {type PlannedStorage, planStorages} from '../../../pack/planned-storages.js';
import {findScheduleOwner, ownerPlaces, type ScheduleOwner} from '../../../pack/schedule-owner.js';
import {type Check, ofConf, ofServer} from '../check.js';
import {error, type Finding, idle, orFine, warning} from '../finding.js';
import {findPackLines, type PackLine} from '../pack-lines.js';
import type {ServedSubject, Subject} from '../subject.js';
import {packGc} from './pack-gc.js';

const planned = ({server, settings}: ServedSubject): readonly PlannedStorage[] =>
	planStorages(settings.packs, server.storages);

const schedule = ofServer({
	group: 'packs',
	name: 'schedule',
	about: 'every storage that is written to is packed by a schedule',
	run(subject) {
		const {server} = subject;
		const writable = server.storages.filter(({readOnly, path: file}) => !readOnly && file);
		if (writable.length === 0) return [idle('no storage needs packs')];
		const names = planned(subject).map(({name}) => name);
		const missing = writable.map(({name}) => name).filter(name => !names.includes(name));
		return orFine(
			missing.length === 0
				? []
				: [
						warning(`nothing packs ${missing.join(', ')} unasked: the database only grows`, {
							advice: 'add the line <pack/> to the conf of zeoctl',
						}),
					],
			planned(subject)
				.map(({name, pack}) => `${name}: ${pack.schedule}`)
				.join(', '),
		);
	},
});

const last = ofServer({
	group: 'packs',
	name: 'last-pack',
	about: 'the last good pack of each storage is not too long ago',
	run(subject) {
		const storages = planned(subject);
		if (storages.length === 0) return [idle('no storage is packed unasked')];
		const overdue = overduePacks(readHistory(subject.stateDirectory), storages, subject.now);
		return orFine(
			overdue.map(each =>
				error(describeOverdue(each), {command: subject.zeoctl('pack', 'history')}),
			),
			'none is overdue',
		);
	},
});

const owner = ofConf({
	group: 'packs',
	name: 'one-schedule',
	about: 'one owner starts the packs: timer, cron or supervisor, and no line of an older tool',
	run(subject) {
		const {settings, etc, server, asRoot} = subject;
		const lines = findPackLines(etc, {conf: settings.configFile, server});
		const found = findScheduleOwner(settings.configFile, ownerPlaces(etc));
		if (settings.packs.length === 0 && lines.length === 0 && found.owner === 'supervisor')
			return [idle('nothing is packed unasked')];
		return judgeOwners({lines, owner: found, hasPacks: settings.packs.length > 0, asRoot});
	},
});

/** What packs past zeoctl does so unseen; of our own owners each packs a slot only if no other one has. */
export const judgeOwners = ({
	lines,
	owner: {owner: name, ...more},
	hasPacks,
	asRoot,
}: {
	readonly lines: readonly PackLine[];
	readonly owner: ScheduleOwner;
	readonly hasPacks: boolean;
	readonly asRoot: Subject['asRoot'];
}): readonly Finding[] => {
	const shown = 'file' in more ? `${name}: ${more.file}` : name;
	const spare = lines.filter(line => line.isOurs && !shown.endsWith(line.file));
	return orFine(
		[
			...lines.filter(({isOurs}) => !isOurs).map(line => describeOldLine(line, asRoot)),
			...spare.map(({file}) =>
				warning(`both ${shown} and ${file} start the packs; each run is made once all the same`, {
					command: asRoot('rm', file),
				}),
			),
			...(name === 'supervisor' || hasPacks
				? []
				: [
						warning(`${shown} starts packs, but the conf has no <pack> section`, {
							advice: 'add the line <pack/> to the conf of zeoctl',
						}),
					]),
		],
		shown,
	);
};

const describeOldLine = ({file, line, text}: PackLine, asRoot: Subject['asRoot']): Finding =>
	warning(`${file}:${line} packs past zeoctl, which knows nothing of it: ${text}`, {
		advice: 'a <pack> section takes its place; the command makes the line a comment',
		command: asRoot('sed', '-i', `${line}s/^/# /`, file),
	});

/** When the databases are packed, and by whom. */
export const packChecks: readonly Check[] = [schedule, last, owner, packGc];
