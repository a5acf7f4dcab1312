import {parseArgs} from 'node:util';
import {errorMessage, ZeoctlError} from '../platform/errors.js';
import type {Context} from './command.js';

/** Understands the words after `migrate`. Throws usage errors. */
export const chooseConf = ({
	action,
	commandLine,
}: Pick<Context, 'action' | 'commandLine'>): {
	readonly configFile: string;
	readonly writes: boolean;
} => {
	const {values, positionals} = split(action.argumentWords);
	const [named, ...more] = positionals;
	const configFile = named ?? commandLine.overrides.configFile;
	if (configFile === undefined) throw misuse('no conf is named');
	if (more.length > 0) throw misuse('more than one conf is named');
	return {configFile, writes: values.write === true};
};

const split = (words: readonly string[]) => {
	try {
		return parseArgs({
			args: [...words],
			options: {write: {type: 'boolean'}},
			allowPositionals: true,
		});
	} catch (error) {
		throw misuse(errorMessage(error).replace(/\. .*/s, ''));
	}
};

const misuse = (reason: string): ZeoctlError =>
	new ZeoctlError('USAGE', `cannot migrate: ${reason}`);
