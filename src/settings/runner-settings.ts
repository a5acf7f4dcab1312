import type {RunnerMatch} from '../schema/runner.js';
import type {Origin, Overrides, RunnerSettings} from './settings.js';

/** The `<runner>` section with the flags of the command line applied. */
export const runnerSettings = ({values}: RunnerMatch, flags: Overrides): RunnerSettings => {
	const transcript = flags.transcript ?? values.transcript;
	const startTest = flags.startTestProgram ?? values['start-test-program'];
	return {
		program: flags.program ?? values.program,
		socketName: flags.socketName ?? values['socket-name'],
		daemon: flags.daemon ?? values.daemon,
		directory: flags.directory ?? values.directory,
		umask: flags.umask ?? values.umask,
		transcript: transcript === '/dev/null' ? undefined : transcript,
		backoffLimit: flags.backoffLimit ?? values['backoff-limit'],
		forever: flags.forever ?? values.forever,
		exitCodes: flags.exitCodes ?? values['exit-codes'],
		user: flags.user ?? values.user,
		startTestProgram: startTest?.length === 0 ? undefined : startTest,
		startTimeout: flags.startTimeout ?? values['start-timeout'],
		stopTimeout: flags.stopTimeout ?? values['stop-timeout'],
		logfile: flags.logfile ?? values.logfile,
	};
};

/** The flag that sets each key, and where its value is among the overrides. */
const flagsByKey: Readonly<Record<string, readonly [keyof Overrides, string]>> = {
	program: ['program', '-p'],
	'socket-name': ['socketName', '-s'],
	daemon: ['daemon', '-d'],
	directory: ['directory', '-z'],
	umask: ['umask', '-m'],
	transcript: ['transcript', '-t'],
	'backoff-limit': ['backoffLimit', '-b'],
	forever: ['forever', '-f'],
	'exit-codes': ['exitCodes', '-x'],
	user: ['user', '-u'],
	'start-test-program': ['startTestProgram', '--start-test-program'],
	'start-timeout': ['startTimeout', '-T'],
	'stop-timeout': ['stopTimeout', '--stop-timeout'],
	logfile: ['logfile', '-l'],
};

/** Where each value of the runner came from, by key. */
export const runnerOrigins = (
	{values, positions}: RunnerMatch,
	flags: Overrides,
): Readonly<Record<string, Origin>> => {
	const keys = Object.keys(values).filter(key => key !== 'eventlog');
	return Object.fromEntries(
		keys.map(key => {
			const [property, flag] = flagsByKey[key] ?? [];
			if (property && flag && flags[property] !== undefined) return [key, {from: 'flag', flag}];
			if (!positions.has(key)) return [key, {from: 'default'}];
			const position = positions.get(key);
			return [key, position ? {from: 'file', ...position} : {from: 'flag', flag: '-X'}];
		}),
	);
};
