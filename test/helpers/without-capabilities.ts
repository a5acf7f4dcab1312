import process from 'node:process';

/**
 * A command that runs under the rules of an ordinary user: root keeps its name and its files (so that an interpreter
 * under /root stays readable) but loses every capability, also that of ignoring file modes.
 */
export const withoutCapabilities = (command: readonly string[]): readonly string[] =>
	process.getuid?.() === 0
		? ['setpriv', '--bounding-set', '-all', '--inh-caps=-all', ...command]
		: command;
