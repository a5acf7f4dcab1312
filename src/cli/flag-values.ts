import {errorMessage, ZeoctlError} from '../platform/errors.js';
import {renderPythonString as quote} from '../platform/python-repr.js';
import {integer, integerList, octal, type Surroundings} from '../schema/datatypes.js';
import {existingParentDirectory, existingParentDirpath} from '../schema/paths.js';
import {splitProgram} from '../schema/program-words.js';
import type {Overrides} from '../settings/settings.js';
import type {Option} from './getopt.js';

/**
 * The value of one flag, converted as in the file but with zdaemon's exceptions: `-t` and `-l` need no existing
 * folder, `-u` is looked up later. `-S` is accepted and means nothing.
 */
export const convertFlag = (option: Option, surroundings: Surroundings): Overrides => {
	try {
		return convert(option, surroundings);
	} catch (error) {
		throw new ZeoctlError(
			'USAGE',
			`invalid value for ${option.spelling} ${quote(option.value)}: ${errorMessage(error)}`,
			{cause: error},
		);
	}
};

const convert = ({spelling, value}: Option, surroundings: Surroundings): Overrides => {
	switch (spelling) {
		case '-C':
		case '--configure':
			return {configFile: value};
		case '-p':
		case '--program':
			return {program: splitProgram(value)};
		case '-b':
		case '--backoff-limit':
			return {backoffLimit: integer(value, surroundings)};
		case '-d':
		case '--daemon':
			return {daemon: true};
		case '-f':
		case '--forever':
			return {forever: true};
		case '-s':
		case '--socket-name':
			return {socketName: existingParentDirpath(value, surroundings)};
		case '-x':
		case '--exit-codes':
			return {exitCodes: integerList(value, surroundings)};
		case '-u':
		case '--user':
			return {user: value};
		case '-m':
		case '--umask':
			return {umask: octal(value, surroundings)};
		case '-z':
		case '--directory':
			return {directory: existingParentDirectory(value, surroundings)};
		case '-t':
		case '--transcript':
			return {transcript: value};
		case '-l':
		case '--logfile':
			return {logfile: value};
		case '-T':
		case '--start-timeout':
			return {startTimeout: integer(value, surroundings)};
		case '--stop-timeout':
			return {stopTimeout: integer(value, surroundings)};
		case '--start-test-program':
			return {startTestProgram: splitProgram(value)};
		default:
			return {};
	}
};
