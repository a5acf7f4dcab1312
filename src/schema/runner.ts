import {boolean, type Datatype, integer, integerList, octal, string} from './datatypes.js';
import {
	anyKeys,
	asMatched,
	defaultKey,
	optionalKey,
	optionalSection,
	requiredKey,
	type SectionMatch,
	type SectionType,
	sectionType,
	type ValuesOf,
} from './describe.js';
import {anyLog} from './eventlog.js';
import {
	existingDirpath,
	existingParentDirectory,
	existingParentDirpath,
	existingPath,
} from './paths.js';
import {splitProgram} from './program-words.js';

/** The words of a command line; see `splitProgram`. */
const programWords: Datatype<readonly string[]> = text => splitProgram(text);

const runnerChildren = () => ({
	eventlog: optionalSection(anyLog),
	program: requiredKey(programWords),
	python: optionalKey(existingPath),
	zdrun: optionalKey(existingPath),
	'socket-name': defaultKey(existingParentDirpath, 'zdsock'),
	daemon: defaultKey(boolean, 'on'),
	directory: optionalKey(existingParentDirectory),
	'backoff-limit': defaultKey(integer, '10'),
	forever: defaultKey(boolean, 'false'),
	'exit-codes': defaultKey(integerList, '0,2'),
	'start-test-program': optionalKey(programWords),
	'start-timeout': defaultKey(integer, '300'),
	'stop-timeout': defaultKey(integer, '300'),
	user: optionalKey(string),
	umask: defaultKey(octal, '022'),
	'hang-around': defaultKey(boolean, 'false'),
	'default-to-interactive': defaultKey(boolean, 'true'),
	logfile: optionalKey(existingDirpath),
	transcript: optionalKey(existingDirpath),
	prompt: optionalKey(string),
});

export type RunnerMatch = SectionMatch<ValuesOf<ReturnType<typeof runnerChildren>>>;

/** zdaemon's `<runner>`. */
export const runner = (): SectionType<RunnerMatch> =>
	sectionType({name: 'runner', children: runnerChildren(), convert: asMatched});

const environmentChildren = () => ({mapping: anyKeys(string)});

export type EnvironmentMatch = SectionMatch<ValuesOf<ReturnType<typeof environmentChildren>>>;

/** zdaemon's `<environment>`. */
export const environment = (): SectionType<EnvironmentMatch> =>
	sectionType({
		name: 'environment',
		hasFreeKeys: true,
		children: environmentChildren(),
		convert: asMatched,
	});
