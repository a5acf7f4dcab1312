import {renderForTerminal} from '../platform/terminal-text.js';

/** The priority of syslog(3) that belongs to a level of Python's logging. */
const priorityOf = (level: number): number => {
	if (level >= 50) return 2;
	if (level >= 40) return 3;
	if (level >= 30) return 4;
	return level >= 20 ? 6 : 7;
};

/**
 * Text for a stream of the journal, in which `<4>` at the beginning of a line is its priority (sd-daemon(3)). Every
 * line gets one, so that nothing in the text can pass for one; control characters are shown, not sent.
 */
export const renderForJournal = (level: number, text: string): string =>
	text
		.split(/\r?\n/)
		.filter(line => line !== '')
		.map(line => `<${priorityOf(level)}>${renderForTerminal(line)}\n`)
		.join('');
