import path from 'node:path';
import {holdsWord} from '../../platform/quoted-word.js';
import {isEnabled} from '../../systemd/enabled.js';
import {listIfSeen, readIfSeen} from './seen-files.js';

/** Something that starts the server of an instance at boot. */
export type Starter = {
	readonly file: string;
	/** Whether zeoctl has made it. */
	readonly isOurs: boolean;
	/** What keeps it from doing so; needs root. */
	readonly removal: readonly string[];
};

/**
 * All that starts a server at boot, of what names one of its confs: enabled units, linked init scripts, `@reboot` lines
 * of cron.
 */
export const findStarters = (etc: string, confs: readonly string[]): readonly Starter[] => [
	...unitsIn(path.join(etc, 'systemd/system'), confs),
	...scriptsIn(etc, confs),
	...bootLinesIn(etc, confs),
];

const unitsIn = (folder: string, confs: readonly string[]): readonly Starter[] =>
	listIfSeen(folder)
		.filter(name => name.endsWith('.service') && isEnabled(name, [folder]))
		.flatMap(name => {
			const file = path.join(folder, name);
			const text = readIfSeen(file);
			const commands = text.split('\n').filter(line => /^ExecStart=/.test(line));
			return commands.some(line => starts(line, confs))
				? [{file, isOurs: isMade(text), removal: ['systemctl', 'disable', name]}]
				: [];
		});

/** Scripts that are in no runlevel start nothing. */
const scriptsIn = (etc: string, confs: readonly string[]): readonly Starter[] => {
	const links = [2, 3, 4, 5].flatMap(level => listIfSeen(path.join(etc, `rc${level}.d`)));
	const linked = new Set(links.flatMap(link => /^S\d\d(.+)$/.exec(link)?.[1] ?? []));
	return [...linked].flatMap(name => {
		const file = path.join(etc, 'init.d', name);
		const text = readIfSeen(file);
		return text.split('\n').some(line => starts(line, confs))
			? [{file, isOurs: isMade(text), removal: ['update-rc.d', '-f', name, 'remove']}]
			: [];
	});
};

const bootLinesIn = (etc: string, confs: readonly string[]): readonly Starter[] =>
	[
		path.join(etc, 'crontab'),
		...listIfSeen(path.join(etc, 'cron.d')).map(name => path.join(etc, 'cron.d', name)),
	].flatMap(file =>
		readIfSeen(file)
			.split('\n')
			.flatMap((line, index) =>
				/^\s*@reboot\s/.test(line) && starts(line, confs)
					? [{file, isOurs: false, removal: ['sed', '-i', `${index + 1}s/^/# /`, file]}]
					: [],
			),
	);

/** Packs and mails name the conf, too. */
const starts = (line: string, confs: readonly string[]): boolean => {
	const words = line.split(/[\s"'=]+/);
	return (
		!/^\s*#/.test(line) &&
		confs.some(conf => holdsWord(line, conf)) &&
		!words.includes('pack') &&
		!words.includes('mail')
	);
};

const isMade = (text: string): boolean => text.includes('# Made by zeoctl generate');
