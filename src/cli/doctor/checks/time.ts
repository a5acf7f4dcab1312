import {execa} from 'execa';
import {readLastRecords} from '../../../history/read-last.js';
import {renderDuration} from '../../../platform/quantities.js';
import type {RunnerSettings} from '../../../settings/settings.js';
import {fileStorage} from '../../../storage/zeo.js';
import {isBooted} from '../../../systemd/booted.js';
import {transactionTime} from '../../../zeo/transaction-id.js';
import {type Check, ofConf, ofServer} from '../check.js';
import {dataPaths} from '../data-paths.js';
import {error, type Finding, fine, idle, orFine, unknown, warning} from '../finding.js';
import type {Subject} from '../subject.js';

const transactions = ofServer({
	group: 'time',
	name: 'transaction-timeout',
	about: 'a client that hangs in the middle of a commit cannot block all others for ever',
	run: ({server}) => judgeTransactionTimeout(server.zeo.transactionTimeout, server.confPath),
});

/** Seconds that a client may hold the lock of a commit. */
export const judgeTransactionTimeout = (
	seconds: number | undefined,
	confPath: string | undefined,
): readonly Finding[] =>
	seconds === undefined || seconds <= 0
		? [
				warning('a client that hangs while it commits blocks all others for ever', {
					advice: `add "transaction-timeout 300" to <zeo> in ${confPath ?? 'the conf of the server'}`,
				}),
			]
		: [fine(`${seconds} s`)];

/** Seconds in which a large server still does not end in order, when its index is to be saved. */
const shortStop = 10;

const limits = ofConf({
	group: 'time',
	name: 'limits',
	about: 'a start and a stop have time enough, and an end',
	run: ({settings}) => judgeLimits(settings.runner),
});

/** Whether the time-outs of a start and a stop do what they are for. */
export const judgeLimits = ({
	startTimeout,
	stopTimeout,
}: Pick<RunnerSettings, 'startTimeout' | 'stopTimeout'>): readonly Finding[] =>
	orFine(
		[
			...(stopTimeout === 0
				? [
						warning('a program that does not end is never killed: a stop may last for ever', {
							advice: 'set stop-timeout to a number of seconds, such as 300',
						}),
					]
				: []),
			...(stopTimeout > 0 && stopTimeout < shortStop
				? [
						warning(
							`the program is killed ${stopTimeout} s after a stop: a large index takes longer to save`,
							{advice: 'set stop-timeout to 60 or more'},
						),
					]
				: []),
			...(startTimeout < shortStop
				? [
						warning(`start says after ${startTimeout} s that the program takes too long`, {
							advice: 'set start-timeout to 60 or more',
						}),
					]
				: []),
		],
		`start ${startTimeout} s, stop ${stopTimeout} s`,
	);

/** What clocks of two machines may differ by, in seconds. */
const tolerance = 60;

const clock = ofConf({
	group: 'time',
	name: 'clock',
	about: 'nothing in history and databases is later than the clock',
	run({server, directory, stateDirectory, now}) {
		const [last] = readLastRecords(stateDirectory, 1);
		const found = server === undefined ? [] : dataPaths({server, directory}).flatMap(timesOf);
		const times = [...(last === undefined ? [] : [{what: 'the history', at: last.at}]), ...found];
		return times.length === 0 ? [idle('there is nothing to compare with')] : judgeClock(times, now);
	},
});

type Dated = {readonly what: string; readonly at: number};

const timesOf = (file: string): readonly Dated[] => {
	const {data} = fileStorage.inspect(file);
	if (data === undefined) return [];
	const {content} = data;
	return [
		{what: `'${file}'`, at: data.modifiedAt},
		...(content.state === 'transactions'
			? [{what: `the last transaction of '${file}'`, at: transactionTime(content.last.tid)}]
			: []),
	];
};

/** What was written later than now was written while the clock was fast, or it is slow now. */
export const judgeClock = (times: readonly Dated[], now: number): readonly Finding[] =>
	orFine(
		times
			.filter(({at}) => at > now + tolerance)
			.map(({what, at}) =>
				error(
					`${what} is ${renderDuration(at - now)} ahead of the clock: a pack would keep more than it should, and schedules wait`,
					{advice: 'set the clock, and let it be kept right', command: 'timedatectl status'},
				),
			),
		new Date(now * 1000).toISOString().slice(0, 19).replace('T', ' ').concat(' UTC'),
	);

const synchronization: Check = {
	group: 'time',
	name: 'clock-kept',
	about: 'something keeps the clock right, where systemd can tell',
	async run({asRoot}) {
		if (!isBooted()) return [idle('systemd does not run here')];
		const {stdout} = await execa(
			'timedatectl',
			['show', '--property', 'NTPSynchronized', '--value'],
			{
				...{timeout: 3000, stdin: 'ignore', reject: false},
			},
		);
		return judgeSynchronization(stdout?.trim() ?? '', asRoot);
	},
};

/** What `timedatectl` says of the clock: `yes`, `no`, or nothing. */
export const judgeSynchronization = (
	answer: string,
	asRoot: Subject['asRoot'],
): readonly Finding[] => {
	if (answer === 'yes') return [fine('it is')];
	return answer === 'no'
		? [
				warning('nothing keeps the clock of this machine right', {
					command: asRoot('timedatectl', 'set-ntp', 'true'),
				}),
			]
		: [unknown('systemd does not tell')];
};

/** Time-outs and the clock. */
export const timeChecks: readonly Check[] = [transactions, limits, clock, synchronization];
