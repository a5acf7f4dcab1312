import {type Colour, paint} from './paint.js';
import type {System} from './system.js';

/** Where formats put a level: within the first words of a record, in capitals, or as a value of JSON. */
const levelPattern =
	/^(.{0,60}?)(?<![\w-])("level":"(\w+)"|TRACE|DEBUG|BLATHER|INFO|WARN(?:ING)?|ERROR|CRITICAL|FATAL)(?![\w-])/u;

/** A line of a log with the name of its level in colour, where stdout takes colours. */
export const paintLevel = (
	system: Pick<System, 'stdout' | 'environment'>,
	line: string,
): string => {
	const [whole, before = '', level = '', value] = levelPattern.exec(line) ?? [];
	const colour = colours[(value ?? level).toUpperCase()];
	if (whole === undefined || colour === undefined) return line;
	return `${before}${paint(system, colour, level)}${line.slice(whole.length)}`;
};

const colours: Readonly<Record<string, Colour>> = {
	TRACE: 'faint',
	DEBUG: 'faint',
	BLATHER: 'faint',
	INFO: 'green',
	WARN: 'yellow',
	WARNING: 'yellow',
	ERROR: 'red',
	CRITICAL: 'red',
	FATAL: 'red',
};
