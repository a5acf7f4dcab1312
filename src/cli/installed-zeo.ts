import {execa} from 'execa';
import {readInterpreter} from '../program/executable.js';
import {locateProgram} from '../program/locate.js';

/** The ZEO that a program would run with. */
export type InstalledZeo = {readonly version: string; readonly python: string};

const askVersion = "from importlib.metadata import version; print(version('ZEO'))";

/**
 * Asks the Python of a program's `#!` line which ZEO it has. Undefined where the program is no Python script, or its
 * Python has none or does not answer within fifteen seconds.
 */
export const findInstalledZeo = async (
	[word]: readonly string[],
	environment: Readonly<Record<string, string | undefined>>,
	cwd: string,
): Promise<InstalledZeo | undefined> => {
	try {
		const python = readInterpreter(locateProgram(word, environment['PATH'], cwd));
		if (python === undefined || !/\/(?:python|pypy)[\d.]*$/.test(python)) return undefined;
		const {stdout} = await execa(python, ['-c', askVersion], {
			timeout: 15_000,
			stdin: 'ignore',
			cwd,
		});
		return {version: stdout.trim(), python};
	} catch {
		return undefined;
	}
};
