import {hostname} from 'node:os';
import {runDirectoryOf} from '../control/snapshot.js';
import {appendHistory, type HistoryRecord, readHistory} from '../history/history.js';
import {openSpool, type Spool} from '../mail/spool.js';
import {scheduleKey} from '../pack/jitter.js';
import {isRunAlive} from '../pack/run-life.js';
import {renderForTerminal} from '../platform/terminal-text.js';
import {instanceName} from '../settings/instance-name.js';
import type {MailSettings, PackSettings} from '../settings/settings.js';
import {stateDirectoryOf} from '../settings/state-directory.js';
import type {InstanceContext} from './command.js';
import {describeSchedules} from './schedule-facts.js';

/** All that reports are made from and mail leaves by. */
export type Office = {
	/** Undefined without a `<mail>` section. */
	readonly mail: MailSettings | undefined;
	readonly instance: string;
	readonly host: string;
	readonly packs: readonly PackSettings[];
	/** Names of the storages that are packed unasked. */
	readonly storages: readonly string[];
	/** Unix time of the next run of packs; null when that is not known. */
	nextRun(): number | null;
	readonly spool: Spool;
	readonly environment: Readonly<Record<string, string | undefined>>;
	/** Unix seconds. */
	now(): number;
	history(): readonly HistoryRecord[];
	append(record: HistoryRecord): void;
	/** Says something on standard error; the text may be foreign. */
	warn(text: string): void;
};

/** The office of an instance. */
export const openOffice = ({system, settings, instance}: InstanceContext): Office => {
	const stateDirectory = stateDirectoryOf(settings, {
		runDirectory: runDirectoryOf(instance.socketPath),
		cwd: system.cwd,
	});
	const storages = system.resolveServer(settings)?.storages ?? settings.storages;
	const now = (): number => system.clock.now() / 1000;
	const history = (): readonly HistoryRecord[] => readHistory(stateDirectory);
	const host = hostname();
	return {
		mail: settings.mail,
		instance: instanceName(settings.configFile),
		host,
		packs: settings.packs,
		storages: storages.filter(({readOnly}) => !readOnly).map(({name}) => name),
		nextRun: () => {
			const schedules = describeSchedules({
				...{history: history(), packs: settings.packs, storages, now: now()},
				isAlive: isRunAlive,
				instance: scheduleKey(host, instance.socketPath),
			});
			const next = schedules.flatMap(({next: [first]}) =>
				first === undefined ? [] : [first.begins],
			);
			return next.length === 0 ? null : Math.min(...next);
		},
		spool: openSpool(stateDirectory),
		environment: instance.environment,
		now,
		history,
		append: record => appendHistory(stateDirectory, record),
		warn: text => void system.stderr.write(`zeoctl: ${renderForTerminal(text)}\n`),
	};
};

/** After how many seconds without a good pack a storage is overdue; null when it is not packed unasked. */
export const alarmAfter = ({packs}: Pick<Office, 'packs'>, storage: string): number | null =>
	(packs.find(each => each.storage === storage) ?? packs.find(each => each.storage === undefined))
		?.alarmAfter ?? null;
