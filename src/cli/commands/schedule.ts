import {hostname} from 'node:os';
import {scheduleKey} from '../../pack/jitter.js';
import {isRunAlive} from '../../pack/run-life.js';
import {findScheduleOwner} from '../../pack/schedule-owner.js';
import type {InstanceCommand} from '../command.js';
import {exitCode} from '../exit-codes.js';
import {answer, say} from '../output.js';
import {instanceHistory} from '../pack-instance.js';
import {describeSchedules, type ScheduleDocument} from '../schedule-facts.js';
import {renderSchedules} from '../schedule-text.js';

export const schedule: InstanceCommand = {
	name: 'schedule',
	summary: 'show when the storages are packed next, and by whom',
	usage: '[--json]',
	otherWords: 'refused',
	exitCodes: ['ok', 'failed', 'usage', 'unknown'],
	notes: [
		'Of every storage with a <pack> section: the next five runs, the last one and what came of it, and whether one is overdue.',
		'A run that failed is tried again after one, three and nine hours. What was missed while nobody ran is made up for once.',
		'The times are those of the schedule; the supervisor begins so much later as stands behind them, a timer or cron by its own file.',
	],
	scope: 'instance',
	forAnyone: true,
	async run(context) {
		const {system, settings, instance} = context;
		const seen = await instance.look();
		const now = system.clock.now() / 1000;
		const owner = findScheduleOwner(settings.configFile);
		const document: ScheduleDocument = {
			owner: owner.owner,
			ownerFile: 'file' in owner ? owner.file : null,
			supervisorRuns: seen.contact === 'session',
			storages: describeSchedules({
				history: instanceHistory(context).history(),
				packs: settings.packs,
				storages: system.resolveServer(settings)?.storages ?? settings.storages,
				now,
				isAlive: isRunAlive,
				instance: scheduleKey(hostname(), instance.socketPath),
			}),
		};
		say(
			context,
			document.storages.length === 0
				? 'nothing is packed by schedule: the conf has no <pack> for a storage\n'
				: renderSchedules(document, now),
		);
		answer(context, document);
		return exitCode('ok');
	},
};
