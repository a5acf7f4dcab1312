import type {Context, InstanceCommand, InstanceContext, PlainCommand} from '../command.js';
import {loadConfigured} from '../configured.js';
import {withInstance} from '../enter-instance.js';
import {packLocal, packRemote} from '../pack-command.js';
import {showHistory} from '../pack-history.js';
import {parsePackOptions} from '../pack-options.js';
import {packScheduled} from '../pack-scheduled.js';

export const pack: PlainCommand = {
	name: 'pack',
	summary: 'drop old revisions and unused objects from storages',
	usage: '[history] [STORAGE ...] [--dry-run] [--json]',
	options: [
		['STORAGE', 'its name; without one, all storages of the conf, one after another'],
		[
			'-d, --days N',
			'keep so many days of history (default: that of <pack>, else 7; 0 with --time)',
		],
		['-t, --time HH[:MM[:SS]]', 'count from this time of today instead of from now'],
		['-n, --dry-run', 'say what would be done, and whether it could be'],
		[
			'--server HOST:PORT[:STORAGE]',
			'a server without a conf here; [V6]:PORT and /PATH/OF/SOCKET, too',
		],
		['--certificate FILE, --key FILE', 'what a server with TLS, named by --server, is shown'],
		['--user NAME, --password-file FILE', 'for a ZEO 4 that asks who we are'],
		['-h, -p, -U, -u, -S, -w', 'as zeopack has them: host, port, socket, storage; -w is always so'],
		['--scheduled', 'make the runs that are due by <pack> and were not made; for timers and cron'],
		['history', 'show the packs so far and how the storages grow'],
	],
	exitCodes: ['ok', 'failed', 'usage', 'unknown', 'packSkipped', 'packUnknown'],
	notes: [
		'Looks first whether it can: the server answers, the disk has room for a full copy and a margin, nobody packs or makes a backup. Needs no supervisor.',
		'Ctrl-C and SIGTERM end the wait, not the pack: ZEO cannot be told to stop one.',
		'A storage that is called history is packed with -S history.',
	],
	scope: 'none',
	async run(context) {
		const {argumentWords} = context.action;
		const {overrides} = context.commandLine;
		const hasConf = overrides.configFile !== undefined || overrides.program !== undefined;
		if (argumentWords[0] === 'history')
			return onInstance(context, {forAnyone: true}, instance => showHistory(instance));
		if (argumentWords[0] === '--scheduled') return onInstance(context, {}, packScheduled);
		const {surroundings} = context.system;
		const options = parsePackOptions(argumentWords, {hasConf, surroundings});
		return options.servers.length > 0
			? packRemote(context, options)
			: onInstance(context, {}, instance => packLocal(instance, options));
	},
};

/** Whether a command needs an instance depends on its words, so that it enters by itself. */
const onInstance = (
	context: Context,
	how: Pick<InstanceCommand, 'forAnyone'>,
	act: (context: InstanceContext) => Promise<number>,
): Promise<number> => withInstance({...context, settings: loadConfigured(context)}, how, act);
