import {againIfGone} from '../again-if-gone.js';
import type {InstanceCommand} from '../command.js';
import {startOrJoin} from '../start-or-join.js';

export const start: InstanceCommand = {
	name: 'start',
	summary: 'start the program and wait until it is up',
	usage: '[--json] [ARGUMENT ...]',
	options: [
		['--json', 'one JSON document; only directly after the action'],
		['ARGUMENT ...', 'words that are appended to the configured program'],
	],
	exitCodes: ['ok', 'failed', 'usage', 'unknown', 'interrupted'],
	notes: [
		'Where a service of systemd is installed for the conf it is systemd that starts it: without the right to that you are told what to type.',
		'Up means: a server answers on its address, a start test program has succeeded, and any other program lives. A program that ends and is tried again is waited for, up to start-timeout.',
		'A start that is under way is waited for, too, unless it has a start test program.',
		'A stop that is under way is waited for, and then the program is started again. One that still waits for a pack is taken back.',
		'If it already runs, nothing is done. With "daemon off" the supervisor stays in the foreground.',
	],
	scope: 'instance',
	json: 'first',
	makesFolders: true,
	throughUnit: async (context, unit) =>
		(await import('../start-unit.js')).startService(context, unit),
	run: context => againIfGone(() => startOrJoin(context)),
};
