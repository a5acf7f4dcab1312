import {boolean, dottedName} from './datatypes.js';
import {
	abstractType,
	asMatched,
	defaultKey,
	optionalKey,
	type SectionType,
	sections,
	sectionType,
	type TypeTable,
} from './describe.js';
import {loggingLevel} from './log-datatypes.js';
import {type HandlerValue, handler, handlerTypes} from './log-handlers.js';

/** An `<eventlog>` or `<logger>`. */
export type LogValue = {
	readonly level: number;
	readonly handlers: readonly HandlerValue[];
	/** What its records carry; undefined: `root`. */
	readonly name?: string | undefined;
};

/** Either kind of log section. */
export const anyLog = abstractType<LogValue>('zconfig.logger.log');

const logKeys = () => ({
	level: defaultKey(loggingLevel, 'info'),
	handlers: sections(handler),
});

/** The log of a whole process. */
export const eventlog = (): SectionType<LogValue> =>
	sectionType({
		name: 'eventlog',
		implements: anyLog,
		children: logKeys(),
		convert: ({values}) => values,
	});

const logger = (): SectionType<LogValue> =>
	sectionType({
		name: 'logger',
		implements: anyLog,
		children: {
			...logKeys(),
			propagate: defaultKey(boolean, 'true'),
			name: optionalKey(dottedName),
		},
		convert: ({values: {level, handlers, name}}) => ({level, handlers, name}),
	});

/** All types of ZConfig's logging component; its base types can be named, though nothing takes them. */
export const loggingTypes: TypeTable = {
	...handlerTypes,
	'zconfig.logger.log': () => anyLog,
	'zconfig.logger.base-logger': () =>
		sectionType({name: 'zconfig.logger.base-logger', children: {}, convert: asMatched}),
	eventlog,
	logger,
};
