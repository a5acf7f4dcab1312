import {isZeoctlError, ZeoctlError} from '../platform/errors.js';
import {renderPythonString as quote} from '../platform/python-repr.js';
import {againIfGone} from './again-if-gone.js';
import type {InstanceContext, SettledContext} from './command.js';
import {warnOfDifference} from './enter-instance.js';
import {reportFailedStart} from './failed-start.js';
import {openInstance, type Reached} from './instance.js';
import {startOrJoin} from './start-or-join.js';
import {joinStart} from './start-program.js';
import {readLastEnd} from './status-findings.js';
import {isDenied, needsRights} from './unit-rights.js';

/** Starts the program as the service that is installed for it; what runs already is left alone. */
export const startService = (context: SettledContext, unit: string): Promise<number> =>
	withInstance(context, warnOfDifference(context), own =>
		againIfGone(() => startOrJoin(own, () => startUnit(own, unit), leniently(own))),
	);

/** The same for a restart; undefined where a program runs, whose supervisor can be asked for it. */
export const restartService = (context: SettledContext, unit: string) =>
	withInstance(context, silence, async own => {
		const reached = await leniently(own)();
		const runs = reached.contact === 'session' && reached.status.pid !== null;
		return runs ? undefined : startService(context, unit);
	});

/** Who goes on in the usual way hears it there. */
const silence = (): void => undefined;

/** Nobody's identity changes: it is systemd that starts the program as its user. */
const withInstance = async <Result>(
	context: SettledContext,
	warn: Parameters<typeof openInstance>[0]['warn'],
	work: (own: InstanceContext) => Promise<Result>,
): Promise<Result> => {
	const {system, settings} = context;
	const environment = system.environment;
	const instance = openInstance({system, settings, environment, warn});
	try {
		return await work({...context, instance});
	} finally {
		instance.close();
	}
};

/** Whoever may not talk to the supervisor may perhaps ask systemd. */
const leniently =
	({instance}: InstanceContext) =>
	(): Promise<Reached> =>
		instance.reach().catch(error => {
			if (isZeoctlError(error) && error.code === 'PERMISSION') return {contact: 'absent'};
			throw error;
		});

const startUnit = async (context: InstanceContext, unit: string): Promise<number> => {
	refuseWords(context, unit);
	const {system, instance} = context;
	const since = Math.floor(system.clock.now() / 1000);
	const ended = await system.runTool(['systemctl', '--no-ask-password', 'start', unit]);
	if (isDenied(ended)) throw needsRights('start', unit);
	const reached = ended.exitCode === 0 ? await leniently(context)() : undefined;
	if (reached?.contact === 'session') return joinStart(context, reached.session);
	const reason =
		(await lastError(context, unit, since)) ??
		(await lastStatus(context, unit)) ??
		firstLine(ended.stderr);
	const failure = new ZeoctlError('START_FAILED', `cannot start ${unit}: ${reason}`, {
		hint: `journalctl -b -u ${unit}`,
	});
	instance.close();
	return reportFailedStart(context, undefined, failure);
};

/** A service runs its conf as that is. */
const refuseWords = ({action, commandLine}: InstanceContext, unit: string): void => {
	const {configFile: _, daemon: __, user: ___, ...changes} = commandLine.overrides;
	const [change] = [...Object.keys(changes), ...action.programArguments];
	if (change === undefined) return;
	const words = [...commandLine.flags, ...action.programArguments].join(' ');
	throw new ZeoctlError(
		'USAGE',
		`cannot start with ${quote(words)}: ${unit} of systemd starts the conf as it is`,
		{hint: 'put it into the conf'},
	);
};

/** What the supervisor said last, and how the program has ended. */
const lastError = async (
	context: InstanceContext,
	unit: string,
	since: number,
): Promise<string | undefined> => {
	const words = ['--quiet', '--no-pager', '--output=cat', `--since=@${since}`];
	// Its own words; systemd's about it come another way.
	const of = [`--unit=${unit}`, '_TRANSPORT=stdout'];
	const said = async (...more: readonly string[]): Promise<readonly string[]> => {
		const {stdout} = await context.system.runTool(['journalctl', ...words, ...of, ...more]);
		return stdout.split('\n').filter(line => line.trim() !== '' && !line.startsWith('next: '));
	};
	const last =
		(await said('--priority=err')).at(-1) ??
		// What an init script runs knows no priorities.
		(await said()).find(line => line.startsWith('Error: '));
	const error = last?.replace(/^Error: (?:cannot start the program: )?/, '');
	const end = readLastEnd(context);
	const isOurs = end !== null && end.at >= since;
	return error === undefined || !isOurs ? error : `${error} (${end.description})`;
};

/** What it has told systemd, where its words go to a log of its own. */
const lastStatus = async ({system}: InstanceContext, unit: string): Promise<string | undefined> => {
	const words = ['systemctl', 'show', '--property=StatusText', '--value', unit];
	return (await system.runTool(words)).stdout.trim() || undefined;
};

const firstLine = (text: string): string =>
	text.split('\n').find(line => line.trim() !== '') ?? 'it ended at once';
