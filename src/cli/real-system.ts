import {connect} from '../control/client.js';
import {isPlainlyAbsent} from '../control/socket-absence.js';
import {systemTimers} from '../platform/clock.js';
import {presentFolder} from '../platform/present-folder.js';
import {nodeFileSystem, surroundingsOf, withAllFolders} from '../settings/file-system.js';
import {loadSettings} from '../settings/load.js';
import {findProgramServer} from '../settings/program-server.js';
import {resolveServer} from '../settings/server.js';
import {createSourceNotes} from '../settings/source.js';
import {unitOfProcess} from '../systemd/unit-of-process.js';
import type {EarlySupervisor} from './early-supervisor.js';
import {launchSupervisor} from './launch.js';
import {descriptorSink} from './output.js';
import {findOwnName} from './own-name.js';
import {findOwnUnit} from './own-unit.js';
import {watchReader} from './reader-gone.js';
import type {System} from './system.js';
import {version} from './version.js';

/** The real world around this process. */
export const realSystem = (early?: EarlySupervisor): System => {
	const [, script = 'zeoctl', ...argv] = process.argv;
	const environment = process.env;
	const cwd = presentFolder();
	const notes = createSourceNotes();
	const ownFiles = notes.noting(nodeFileSystem, 'own');
	const serverFiles = notes.noting(nodeFileSystem, 'server');
	return {
		programName: script,
		ownName: () => findOwnName(script, {searchPath: environment['PATH'], node: process.execPath}),
		argv,
		environment,
		cwd,
		pid: process.pid,
		calledBy: process.geteuid?.() ?? -1,
		version,
		stdout: descriptorSink(1),
		stderr: descriptorSink(2),
		surroundings: surroundingsOf(nodeFileSystem, environment, cwd),
		clock: {now: Date.now, after: systemTimers.after},
		identity: {
			geteuid: () => process.geteuid?.() ?? -1,
			initgroups(user, group) {
				// What root has started is not for another user.
				void early?.dismiss();
				initgroups(user, group);
			},
			setgid: group => process.setgid?.(group),
			setuid: user => process.setuid?.(user),
		},
		onInterrupt,
		onReaderGone: listener => watchReader(1, listener),
		onEnd,
		kill: (pid, signal) => process.kill(pid, signal),
		loadSettings: options => loadSettings({...options, fileSystem: ownFiles}),
		resolveServer: (settings, {acceptsMissing = false} = {}) =>
			resolveServer(settings, {
				...{environment, cwd},
				...(acceptsMissing && {fileSystem: withAllFolders(nodeFileSystem)}),
			}).server,
		findProgramServer: settings =>
			findProgramServer(settings, {environment, cwd, fileSystem: serverFiles}),
		sources: notes.list,
		unitOfProcess,
		findOwnUnit,
		runTool: async words => (await import('./run-tool.js')).runTool(words),
		// The code that connects is read only where there is something to connect to.
		connect: async options =>
			isPlainlyAbsent(options.socketPath) ? {contact: 'absent'} : connect(options),
		explainFailure: async failure => {
			const {explainFailure} = await import('./explain-failure.js');
			return explainFailure(failure);
		},
		launch: start => launchSupervisor({...start, script, early}),
		launchNone: async () => early?.dismiss(),
	};
};

/** Node's type definitions of this version do not know it. */
const initgroups = (user: string, group: number): void => {
	if ('initgroups' in process && typeof process.initgroups === 'function')
		process.initgroups(user, group);
};

type SignalListener = (signal: string) => void;

const listenTo = (signals: readonly NodeJS.Signals[], listener: SignalListener): (() => void) => {
	for (const signal of signals) process.on(signal, listener);
	return () => {
		for (const signal of signals) process.off(signal, listener);
	};
};

const onInterrupt = (listener: () => void) => listenTo(['SIGINT'], listener);

const onEnd = (listener: SignalListener) => listenTo(['SIGINT', 'SIGTERM', 'SIGHUP'], listener);
