import type {Configuration, Status} from '../control/messages.js';
import {renderBytes, renderDuration, renderTime} from '../platform/quantities.js';
import {renderShellCommand} from '../platform/shell-word.js';
import {renderForTerminal} from '../platform/terminal-text.js';
import type {InstanceContext} from './command.js';
import type {ServerFacts, StorageFacts} from './facts.js';
import {healthRows} from './health-rows.js';
import type {Nobody, Seen} from './instance.js';
import {instanceCommand} from './instance-command.js';
import type {MoreStatus} from './more-status.js';
import {type Colour, paint} from './paint.js';
import {withPresentProblem} from './transcript-now.js';
import {transcriptRows} from './transcript-rows.js';
import {unitRows} from './unit-rows.js';

type Row = readonly [label: string, value: string];

/** The status as a person reads it: the state first, then what is known, then what to type next. */
export const renderStatusForPeople = (
	context: InstanceContext,
	reached: Seen,
	{facts, more}: {readonly facts: ServerFacts; readonly more: MoreStatus},
): string => {
	const {system, instance} = context;
	const {address, storages} = facts;
	const now = system.clock.now() / 1000;
	const rows: Row[] = [
		...(reached.contact === 'session'
			? statusRows(reached, now, system.version)
			: unsupervisedRows(reached, now)),
		...unitRows(more.unit, reached),
		...lastEndRows(more, now),
		...more.alarms.flatMap(alarmRows),
		...(address === null ? [] : [['address', address] as const]),
		...storages.map(each => storageRow(each, absenceOf(reached, more))),
		[
			'socket',
			`${instance.socketPath}${reached.contact === 'stale' ? ' (stale: nobody listens)' : ''}`,
		],
		...nextRow(context, reached, more),
	];
	const width = Math.max(...rows.map(([label]) => label.length));
	const lines = rows.map(
		([label, value]) =>
			`  ${paint(system, 'faint', label.padEnd(width))}  ${renderForTerminal(value)}`,
	);
	return `${headline(context, reached)}\n${lines.join('\n')}\n`;
};

const headline = (context: InstanceContext, reached: Seen): string => {
	const {colour, words} = describeState(reached);
	const {configFile} = context.settings;
	const name = configFile === undefined ? '' : `  ${renderForTerminal(configFile)}`;
	return `${paint(context.system, colour, `● ${words}`)}${name}`;
};

const describeState = (reached: Seen): {readonly colour: Colour; readonly words: string} => {
	if (reached.contact !== 'session')
		return reached.program
			? {colour: 'yellow', words: 'running, but without a supervisor'}
			: {colour: 'red', words: 'not running'};
	const {state, testing, reason, health, delayUntil, now} = reached.status;
	switch (state) {
		case 'running':
			return health?.verdict === 'failed' || health?.verdict === 'unready'
				? {colour: 'red', words: 'running, but does not answer'}
				: {colour: 'green', words: 'running'};
		case 'starting':
			return {colour: 'yellow', words: testing ? 'starting, being tested' : 'starting'};
		case 'stopping':
			return {
				colour: 'yellow',
				words:
					reason === null
						? 'stopping'
						: `stopping, ${renderForTerminal(reason)}${renderLimit(delayUntil - now)}`,
			};
		case 'killing':
			return {colour: 'yellow', words: 'stopping, being killed'};
		case 'backoff':
			return {colour: 'red', words: 'down, will be tried again'};
		case 'failed':
			return {
				colour: 'red',
				words: `failed${reason === null ? '' : `: ${renderForTerminal(reason)}`}`,
			};
		case 'stopped':
			return {colour: 'red', words: 'stopped'};
	}
};

const renderLimit = (seconds: number): string =>
	seconds > 0 ? ` (up to ${renderDuration(seconds)})` : '';

const statusRows = (
	{status, protocol, differs}: Extract<Seen, {contact: 'session'}>,
	now: number,
	ownVersion: string,
): readonly Row[] => {
	const {since, pid, manager, delayUntil, state, version, adopted} = status;
	return [
		...(since === null
			? []
			: [['since', `${renderTime(since)} (${renderDuration(now - since)})`] as const]),
		['pid', `${pid ?? 'none'} (supervisor ${manager}${adopted ? ', which took it over' : ''})`],
		...restartRows(status, now),
		...(pid === null ? alarmsAlone(status, now) : healthRows(status.health, now)),
		...transcriptRows(withPresentProblem(status.transcript)),
		...configurationRows(status),
		...(state === 'backoff' && delayUntil > 0
			? [['next try', `in ${renderDuration(Math.max(0, delayUntil - now))}`] as const]
			: []),
		...(differs ? [['program', status.argv.join(' ')] as const] : []),
		...(protocol === 'text' ? [['manager', 'zdaemon or older: knows less'] as const] : []),
		...(version !== null && version !== ownVersion
			? [['version', `supervisor ${version}, this command ${ownVersion}`] as const]
			: []),
	];
};

/** What of the conf the supervisor, or the program, does not have yet. */
const configurationRows = ({configuration, handover}: Status): readonly Row[] => [
	...(configuration === null ? [] : configurationRow(configuration)),
	...(handover?.state === 'failed'
		? [['reload', `failed, nothing has changed: ${handover.reason ?? ''}`] as const]
		: []),
];

const configurationRow = ({state, problem, needsRestart}: Configuration): readonly Row[] => {
	if (state === 'invalid')
		return [['conf', `changed, not loaded, and cannot be used: ${problem ?? ''}`]];
	if (state === 'changed')
		return [['conf', 'changed, not loaded: reload shows what, and what needs a restart']];
	return needsRestart.length === 0
		? []
		: [['conf', `loaded, but in effect after a restart only: ${needsRestart.join(', ')}`]];
};

const unsupervisedRows = ({program}: Nobody, now: number): readonly Row[] =>
	program
		? [
				['since', `${renderTime(program.startedAt)} (${renderDuration(now - program.startedAt)})`],
				['pid', `${program.pid} (its supervisor has died; start supervises it again)`],
			]
		: [];

const lastEndRows = ({lastEnd}: MoreStatus, now: number): readonly Row[] =>
	lastEnd === null
		? []
		: [['last end', `${lastEnd.description}, ${renderDuration(now - lastEnd.at)} ago`]];

const alarmRows = ({level, text, advice}: MoreStatus['alarms'][number]): readonly Row[] => [
	[level, text],
	...(advice === null ? [] : [['', advice] as const]),
];

/** Nothing runs: what is known of its health is the room on the disks. */
const alarmsAlone = ({health}: Status, now: number): readonly Row[] =>
	healthRows(health, now).filter(([label]) => label !== 'health');

const restartRows = ({restarts, lastExit}: Status, now: number): readonly Row[] => {
	if (restarts === null) return [];
	const cause =
		lastExit === null
			? ''
			: `${restarts === 0 ? ', last end' : ', last'}: ${lastExit.description}, ${renderDuration(now - lastExit.at)} ago`;
	return [['restarts', `${restarts}${cause}`]];
};

/** What a database is that is not there: none is new where one was taken away from under its server. */
const absenceOf = (reached: Seen, {alarms}: MoreStatus): string => {
	const watched = reached.contact === 'session' ? (reached.status.health?.alarms ?? []) : [];
	const known = new Set([...watched, ...alarms].map(({alarm}) => alarm));
	if (known.has('deleted-file')) return '(deleted)';
	return known.has('moved-file') ? '(moved)' : '(no file yet)';
};

const storageRow = ({name, type, path, size}: StorageFacts, absence: string): Row => [
	'storage',
	[name, path ?? type, path === null ? '' : size === null ? absence : renderBytes(size)]
		.filter(part => part !== '')
		.join('  '),
];

/** Where something is wrong: the command that helps. */
const nextRow = (context: InstanceContext, reached: Seen, {alarms}: MoreStatus): readonly Row[] => {
	const command = renderShellCommand(instanceCommand(context));
	if (reached.contact !== 'session')
		return alarms.some(({alarm}) => alarm === 'in-use') ? [] : [['next', `${command} start`]];
	const {state} = reached.status;
	if (state === 'backoff' || state === 'failed') return [['next', `${command} logtail`]];
	return state === 'stopped' ? [['next', `${command} start`]] : [];
};
