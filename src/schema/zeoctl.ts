import {renderPythonString} from '../platform/python-repr.js';
import {type PortAddress, portAddress} from './addresses.js';
import {ConversionError} from './conversion-error.js';
import {cronExpression, timeZoneName} from './cron-expression.js';
import {
	boolean,
	byteSize,
	type Datatype,
	integerBetween,
	portNumber,
	string,
	timeInterval,
} from './datatypes.js';
import {
	asMatched,
	type Children,
	defaultKey,
	lazyType,
	optionalKey,
	optionalSection,
	requiredKey,
	requiredMultikey,
	type SectionMatch,
	sections,
	sectionType,
	type TypeTable,
	type ValuesOf,
} from './describe.js';
import {checkMail, hostName, mailAddress, programPath, webAddress} from './mail.js';
import {existingDirpath, expandUser} from './paths.js';

/** So many ends within so many seconds. */
export type CrashLimit = {readonly count: number; readonly seconds: number};

const atLeast =
	(lowest: number, datatype: Datatype<number>): Datatype<number> =>
	(text, surroundings) => {
		const value = datatype(text, surroundings);
		if (value < lowest) throw new ConversionError(`${value} is below lower bound (${lowest})`);
		return value;
	};

const seconds = atLeast(0, timeInterval);
/** For what is repeated, or must leave time for an answer. */
const someSeconds = atLeast(1, timeInterval);
const bytes = atLeast(0, byteSize);
const positive = integerBetween(1, undefined);
/** A file, or a queue, that holds less would only be busy with itself. */
const someBytes = atLeast(1024, byteSize);

const oneOf =
	<T extends string>(...accepted: readonly T[]): Datatype<T> =>
	text => {
		const found = accepted.find(word => word === text.toLowerCase());
		if (found !== undefined) return found;
		const list = accepted.map(name => renderPythonString(name)).join(', ');
		throw new ConversionError(`value must be one of ${list}; found ${renderPythonString(text)}`);
	};

/** `5%`. */
const percent: Datatype<number> = text => {
	const match = /^(\d{1,3})\s*%$/.exec(text);
	const value = Number(match?.[1]);
	if (match && value <= 100) return value;
	throw new ConversionError(`not a valid percentage: ${renderPythonString(text)}`);
};

/** `3 in 1h`. */
const crashLimit: Datatype<CrashLimit> = (text, surroundings) => {
	const match = /^(\d+)\s+in\s+(\S+)$/i.exec(text);
	if (!match)
		throw new ConversionError(`not a valid limit such as '3 in 1h': ${renderPythonString(text)}`);
	const [, count = '', span = ''] = match;
	return {count: positive(count, surroundings), seconds: seconds(span, surroundings)};
};

const userPath: Datatype<string> = (text, surroundings) => expandUser(text, surroundings);

const instanceChildren = () => ({
	'state-directory': optionalKey(userPath),
	'socket-group': optionalKey(string),
	'stop-pack-wait': defaultKey(seconds, '10m'),
});

const transcriptChildren = () => ({
	mode: defaultKey(oneOf('direct', 'pump'), 'direct'),
	'max-size': defaultKey(someBytes, '10MB'),
	'max-age': optionalKey(someSeconds),
	'old-files': defaultKey(integerBetween(0, undefined), '7'),
	'total-size': defaultKey(someBytes, '200MB'),
	compress: defaultKey(boolean, 'on'),
	timestamps: defaultKey(boolean, 'off'),
	format: defaultKey(oneOf('text', 'json'), 'text'),
	'on-slow': defaultKey(oneOf('drop', 'block'), 'drop'),
	'queue-size': defaultKey(someBytes, '8MB'),
});

const healthChildren = () => ({
	interval: defaultKey(someSeconds, '20s'),
	'time-limit': defaultKey(someSeconds, '10s'),
	failures: defaultKey(positive, '3'),
	action: defaultKey(oneOf('restart', 'alarm'), 'restart'),
	'disk-floor': defaultKey(bytes, '1GB'),
	'inode-floor': defaultKey(percent, '5%'),
	'commit-lock-alarm': defaultKey(someSeconds, '60s'),
});

/** The reader of expressions is not read into memory before it is needed. */
const schedule: Datatype<string> = (text, surroundings) => cronExpression(text, surroundings);
const timeZone: Datatype<string> = (text, surroundings) => timeZoneName(text, surroundings);

const packChildren = () => ({
	schedule: defaultKey(schedule, '17 3 * * 0'),
	'time-zone': optionalKey(timeZone),
	days: defaultKey(integerBetween(0, undefined), '7'),
	jitter: defaultKey(seconds, '10m'),
	margin: defaultKey(percent, '10%'),
	'alarm-after': defaultKey(seconds, '15d'),
});

const mailChildren = () => ({
	to: requiredMultikey(mailAddress),
	from: optionalKey(mailAddress),
	server: optionalKey(hostName),
	port: optionalKey(portNumber),
	security: defaultKey(oneOf('starttls', 'tls', 'none'), 'starttls'),
	user: optionalKey(string),
	'password-file': optionalKey(existingDirpath),
	sendmail: optionalKey(programPath),
	when: defaultKey(oneOf('always', 'failure'), 'always'),
	'crash-limit': defaultKey(crashLimit, '3 in 1h'),
	'ping-url': optionalKey(webAddress),
});

const monitorChildren = () => ({
	address: requiredKey<PortAddress>(portAddress),
});

const matchedType = <C extends Children>(name: string, children: C) =>
	sectionType<C, SectionMatch<ValuesOf<C>>>({name, children, convert: asMatched});

export type PackMatch = SectionMatch<ValuesOf<ReturnType<typeof packChildren>>>;
export type MailMatch = SectionMatch<ValuesOf<ReturnType<typeof mailChildren>>>;
export type TranscriptMatch = SectionMatch<ValuesOf<ReturnType<typeof transcriptChildren>>>;
export type HealthMatch = SectionMatch<ValuesOf<ReturnType<typeof healthChildren>>>;

const instance = () => matchedType('zeoctl', instanceChildren());
const transcript = () => matchedType('transcript', transcriptChildren());
const health = () => matchedType('health', healthChildren());
const pack = () => matchedType('pack', packChildren());
const mail = () =>
	sectionType<ReturnType<typeof mailChildren>, MailMatch>({
		name: 'mail',
		children: mailChildren(),
		convert(match) {
			checkMail(match.values);
			return match;
		},
	});
const monitor = () => matchedType('monitor', monitorChildren());

/** Places for our own sections, legal in either form of file. */
export const ownSections = () => ({
	zeoctl: optionalSection(lazyType('zeoctl', instance)),
	transcript: optionalSection(lazyType('transcript', transcript)),
	health: optionalSection(lazyType('health', health)),
	// A pack section is named after the storage that it is about, so it shares names with storage sections.
	packs: sections(lazyType('pack', pack), {hasOwnNames: true}),
	mail: optionalSection(lazyType('mail', mail)),
	monitor: optionalSection(lazyType('monitor', monitor)),
});

/** The types of our own sections. */
export const ownTypes: TypeTable = {zeoctl: instance, transcript, health, pack, mail, monitor};
