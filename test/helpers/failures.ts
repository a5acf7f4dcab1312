import type {LastExit} from '../../src/control/messages.js';
import type {Settings} from '../../src/settings/settings.js';
import {transcriptSettings} from '../../src/settings/transcript-settings.js';
import type {Ended} from './runzeo.js';

/** The record that a supervisor keeps of an end. */
export const toLastExit = ({
	pid = 4711,
	code = null,
	signal = null,
}: Partial<Pick<Ended, 'pid' | 'code' | 'signal'>>): LastExit => ({
	at: 1_795_396_398,
	pid,
	code,
	signal,
	uptime: 0.2,
	expected: false,
	description: signal === null ? `exit status ${code}` : `terminated by ${signal}`,
});

/** Settings of an instance that runs a program. */
export const settingsFor = (
	program: readonly string[],
	more: {readonly configFile?: string; readonly directory?: string; readonly user?: string} = {},
): Settings => ({
	configFile: more.configFile,
	form: 'zdaemon',
	runner: {
		program,
		socketName: '/nonexistent/zdsock',
		daemon: true,
		directory: more.directory,
		umask: 0o022,
		transcript: undefined,
		backoffLimit: 10,
		forever: false,
		exitCodes: [0, 2],
		user: more.user,
		startTestProgram: undefined,
		startTimeout: 300,
		stopTimeout: 300,
		logfile: undefined,
	},
	environment: {},
	eventLog: undefined,
	output: transcriptSettings(undefined),
	stopPackWait: 600,
	packs: [],
	zeo: undefined,
	storages: [],
	origins: {},
});
