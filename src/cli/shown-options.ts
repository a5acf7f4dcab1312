import {explainOrigin, pathOfUrl} from '../settings/explain.js';
import type {Origin, Settings} from '../settings/settings.js';
import type {InstanceContext} from './command.js';

/** One option as `show` prints it. */
export type ShownOption = {
	/** The key of the configuration file. */
	readonly name: string;
	readonly value: unknown;
	/** The value as it would be written in the file; `-` for none. */
	readonly text: string;
	readonly origin: {
		readonly text: string;
		readonly document: {readonly origin: string; readonly line: number | null};
	};
};

/** Every option of the runner with its value and origin, in the order of the reference. */
export const listOptions = ({settings}: InstanceContext): readonly ShownOption[] => {
	const {runner} = settings;
	const values: Readonly<Record<string, unknown>> = {
		configure: settings.configFile,
		program: runner.program,
		'socket-name': runner.socketName,
		daemon: runner.daemon,
		directory: runner.directory,
		umask: runner.umask,
		transcript: runner.transcript,
		'backoff-limit': runner.backoffLimit,
		forever: runner.forever,
		'exit-codes': runner.exitCodes,
		user: runner.user,
		'start-test-program': runner.startTestProgram,
		'start-timeout': runner.startTimeout,
		'stop-timeout': runner.stopTimeout,
		logfile: runner.logfile,
	};
	return Object.entries(values).map(([name, value]) => ({
		name,
		value: value ?? null,
		text: renderValue(name, value),
		origin: renderOrigin(originOf(name, settings)),
	}));
};

const originOf = (name: string, settings: Settings): Origin =>
	settings.origins[name] ??
	(name === 'configure' && settings.configFile !== undefined
		? {from: 'flag', flag: '-C'}
		: {from: 'default'});

const renderOrigin = (origin: Origin): ShownOption['origin'] => {
	const text = explainOrigin(origin);
	const document =
		origin.from === 'file'
			? {origin: pathOfUrl(origin.url), line: origin.line}
			: {origin: text, line: null};
	return {text, document};
};

const renderValue = (name: string, value: unknown): string => {
	if (value === undefined) return '-';
	if (typeof value === 'boolean') return value ? 'on' : 'off';
	if (name === 'umask') return `0${Number(value).toString(8)}`;
	if (Array.isArray(value)) return value.map(String).join(name === 'exit-codes' ? ',' : ' ') || '-';
	return String(value);
};
