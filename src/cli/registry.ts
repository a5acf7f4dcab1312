import type {Command, Commands} from './command.js';
import {status} from './commands/status.js';

/** Loads one command. `status` is part of the client; the rest is read when it is asked for. */
type Loader = () => Promise<Command>;

const loaders: Readonly<Record<string, Loader>> = {
	start: async () => (await import('./commands/start.js')).start,
	stop: async () => (await import('./commands/stop.js')).stop,
	restart: async () => (await import('./commands/restart.js')).restart,
	reload: async () => (await import('./commands/reload.js')).reload,
	status: async () => status,
	kill: async () => (await import('./commands/kill.js')).kill,
	wait: async () => (await import('./commands/wait.js')).wait,
	reopen_transcript: async () => (await import('./commands/reopen-transcript.js')).reopenTranscript,
	logreopen: async () => (await import('./commands/logreopen.js')).logreopen,
	show: async () => (await import('./commands/show.js')).show,
	check: async () => (await import('./commands/check.js')).check,
	doctor: async () => (await import('./commands/doctor.js')).doctor,
	logtail: async () => (await import('./commands/logtail.js')).logtail,
	schedule: async () => (await import('./commands/schedule.js')).schedule,
	foreground: async () => (await import('./commands/foreground.js')).foreground,
	fg: async () => (await import('./commands/foreground.js')).foreground,
	help: async () => (await import('./commands/help.js')).help,
	supervise: async () => (await import('./commands/supervise.js')).supervise,
	'accept-database': async () => (await import('./commands/accept-database.js')).acceptDatabase,
	history: async () => (await import('./commands/history.js')).history,
	rescue: async () => (await import('./commands/rescue.js')).rescue,
	pack: async () => (await import('./commands/pack.js')).pack,
	report: async () => (await import('./commands/report.js')).report,
	mail: async () => (await import('./commands/mail.js')).mail,
	generate: async () => (await import('./commands/generate.js')).generate,
	certificates: async () => (await import('./commands/certificates.js')).certificates,
	migrate: async () => (await import('./commands/migrate.js')).migrate,
	passwd: async () => (await import('./commands/passwd.js')).passwd,
	install: async () => (await import('./commands/install.js')).install,
	uninstall: async () => (await import('./commands/uninstall.js')).uninstall,
	init: async () => (await import('./commands/init.js')).init,
	bootstrap: async () => (await import('./commands/bootstrap.js')).bootstrap,
	version: async () => (await import('./commands/version.js')).version,
	completion: async () => (await import('./commands/completion.js')).completion,
};

/** All commands of zeoctl. */
export const registry: Commands = {
	names: () => Object.keys(loaders),
	find: async name => (Object.hasOwn(loaders, name) ? loaders[name]?.() : undefined),
};
