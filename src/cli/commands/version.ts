import type {PlainCommand} from '../command.js';
import {exitCode} from '../exit-codes.js';
import {answer, say} from '../output.js';

export const version: PlainCommand = {
	name: 'version',
	summary: 'print the version of zeoctl',
	usage: '[--json]',
	exitCodes: ['ok'],
	notes: ['Needs no configuration.'],
	scope: 'none',
	async run(context) {
		const {system} = context;
		say(context, `${system.version}\n`);
		answer(context, {version: system.version, node: process.versions.node});
		return exitCode('ok');
	},
};
