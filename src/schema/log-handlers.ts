import type {Position} from '../zconfig/tree.js';
import {inetAddress, type SocketAddress, socketAddress} from './addresses.js';
import {ConversionError} from './conversion-error.js';
import {boolean, byteSize, dottedName, integer, string} from './datatypes.js';
import {
	abstractType,
	asMatched,
	defaultKey,
	optionalKey,
	requiredKey,
	requiredMultikey,
	type SectionType,
	sectionType,
	type TypeTable,
	type ValuesOf,
} from './describe.js';
import {
	escapedString,
	httpMethod,
	httpUrl,
	type LogStyle,
	loggingLevel,
	logStyle,
	syslogFacility,
} from './log-datatypes.js';
import {compileLogFormat} from './log-format.js';

type HandlerValues = {
	/** Python's number; 0 passes everything. */
	readonly level: number;
	readonly format: string;
	readonly dateFormat: string;
	readonly style: LogStyle;
	readonly arbitraryFields: boolean;
};

/** Where a `<logfile>` sets what only its opening can refuse. */
export type LogFilePlaces = Readonly<Record<'path' | 'when' | 'encoding', Position | undefined>>;

/** One handler of a log. */
export type HandlerValue =
	| (HandlerValues & {
			readonly type: 'logfile';
			readonly path: string;
			readonly oldFiles: number;
			readonly maxSize: number;
			readonly when: string;
			readonly interval: number;
			readonly delay: boolean;
			readonly encoding: string | undefined;
			readonly places: LogFilePlaces;
	  })
	| (HandlerValues & {
			readonly type: 'syslog';
			readonly facility: string;
			readonly address: SocketAddress;
	  })
	| (HandlerValues & {readonly type: 'email-notifier' | 'http-logger' | 'win32-eventlog'});

/** Everything that records can be sent to. */
export const handler = abstractType<HandlerValue>('zconfig.logger.handler');

const handlerKeys = () => ({
	formatter: optionalKey(dottedName),
	dateformat: defaultKey(string, '%Y-%m-%dT%H:%M:%S'),
	level: defaultKey(loggingLevel, 'notset'),
	style: defaultKey(logStyle, 'classic'),
	'arbitrary-fields': defaultKey(boolean, 'false'),
});

const formatKey = (format: string) => defaultKey(escapedString, format);
const mailFormat = '%(asctime)s %(levelname)s %(name)s %(message)s';

/** Formats that need no trial: known fields, written as text. They are nearly all that there are. */
const plainFormat =
	/^(?:[^%]|%%|%\((?:asctime|levelname|name|message|process|module|funcName|thread|filename|lineno)\)s)*$/;

/** The keys that all handlers share; the format is tried out as ZConfig does it. */
const handlerValues = (
	values: ValuesOf<ReturnType<typeof handlerKeys> & {format: ReturnType<typeof formatKey>}>,
): HandlerValues => {
	const {format, style, level, dateformat} = values;
	const arbitraryFields = values['arbitrary-fields'];
	const common = {level, format, dateFormat: dateformat, style, arbitraryFields};
	if (style === 'classic' && format.length < 1000 && plainFormat.test(format)) return common;
	try {
		compileLogFormat({format, style, arbitraryFields});
	} catch (error) {
		throw new ConversionError(error instanceof Error ? error.message : String(error));
	}
	return common;
};

const logfile = (): SectionType<HandlerValue> =>
	sectionType({
		name: 'logfile',
		implements: handler,
		children: {
			...handlerKeys(),
			path: requiredKey(string),
			'old-files': defaultKey(integer, '0'),
			'max-size': defaultKey(byteSize, '0'),
			when: defaultKey(string, ''),
			interval: defaultKey(integer, '0'),
			format: formatKey('------\\n%(asctime)s %(levelname)s %(name)s %(message)s'),
			encoding: optionalKey(string),
			delay: defaultKey(boolean, 'false'),
		},
		convert({values, positions}) {
			const {path, when, interval, delay, encoding} = values;
			const rotation = {oldFiles: values['old-files'], maxSize: values['max-size'], when, interval};
			const common = handlerValues(values);
			if (path === 'STDOUT' || path === 'STDERR') checkStream({path, delay, encoding, ...rotation});
			else checkRotation(rotation);
			const places = {
				path: positions.get('path'),
				when: positions.get('when'),
				encoding: positions.get('encoding'),
			};
			return {type: 'logfile', ...common, path, ...rotation, delay, encoding, places};
		},
	});

type Rotation = {
	readonly oldFiles: number;
	readonly maxSize: number;
	readonly when: string;
	readonly interval: number;
};

const checkStream = ({
	path,
	oldFiles,
	maxSize,
	when,
	delay,
	encoding,
}: Rotation & {path: string; delay: boolean; encoding: string | undefined}): void => {
	if (maxSize || oldFiles || when) throw new ConversionError(`cannot rotate ${path}`);
	if (delay) throw new ConversionError(`cannot delay opening ${path}`);
	if (encoding) throw new ConversionError(`cannot specify encoding for ${path}`);
};

const checkRotation = ({oldFiles, maxSize, when, interval}: Rotation): void => {
	if (!when && !maxSize && !oldFiles && !interval) return;
	if (!oldFiles) throw new ConversionError('old-files must be set for log rotation');
	if (when && maxSize) throw new ConversionError("can't set *both* max_bytes and when");
	if (!when && !maxSize)
		throw new ConversionError('max-bytes or when must be set for log rotation');
};

const syslog = (): SectionType<HandlerValue> =>
	sectionType({
		name: 'syslog',
		implements: handler,
		children: {
			...handlerKeys(),
			facility: defaultKey(syslogFacility, 'user'),
			address: defaultKey(socketAddress, 'localhost:514'),
			format: formatKey('%(name)s %(message)s'),
		},
		convert: ({values}) => ({
			type: 'syslog',
			...handlerValues(values),
			facility: values.facility,
			address: values.address,
		}),
	});

const win32Eventlog = (): SectionType<HandlerValue> =>
	sectionType({
		name: 'win32-eventlog',
		implements: handler,
		children: {
			...handlerKeys(),
			appname: defaultKey(string, 'Zope'),
			format: formatKey('%(levelname)s %(name)s %(message)s'),
		},
		convert: ({values}) => ({type: 'win32-eventlog', ...handlerValues(values)}),
	});

const httpLogger = (): SectionType<HandlerValue> =>
	sectionType({
		name: 'http-logger',
		implements: handler,
		children: {
			...handlerKeys(),
			url: defaultKey(httpUrl, 'http://localhost/'),
			method: defaultKey(httpMethod, 'GET'),
			format: formatKey(mailFormat),
		},
		convert: ({values}) => ({type: 'http-logger', ...handlerValues(values)}),
	});

const emailNotifier = (): SectionType<HandlerValue> =>
	sectionType({
		name: 'email-notifier',
		implements: handler,
		children: {
			...handlerKeys(),
			from: requiredKey(string),
			to: requiredMultikey(string),
			subject: defaultKey(string, 'Message from Zope'),
			'smtp-server': defaultKey(inetAddress, 'localhost'),
			'smtp-username': defaultKey(string, ''),
			'smtp-password': defaultKey(string, ''),
			format: formatKey(mailFormat),
		},
		convert({values}) {
			const common = handlerValues(values);
			if (!values['smtp-username'] !== !values['smtp-password']) {
				throw new ConversionError(
					'Either both smtp-username and smtp-password or none must be given',
				);
			}
			return {type: 'email-notifier', ...common};
		},
	});

/** The section types of all handlers, by name. */
export const handlerTypes: TypeTable = {
	'zconfig.logger.handler': () => handler,
	'zconfig.logger.base-log-handler': () =>
		sectionType({name: 'zconfig.logger.base-log-handler', children: {}, convert: asMatched}),
	logfile,
	syslog,
	'win32-eventlog': win32Eventlog,
	'http-logger': httpLogger,
	'email-notifier': emailNotifier,
};
