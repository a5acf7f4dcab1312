/** One record of an event log. Times are Unix seconds; levels are Python's numbers. */
export type LogRecord = {
	/** Of the logger. */
	readonly name: string;
	readonly levelno: number;
	readonly message: string;
	readonly created: number;
	readonly pid: number;
	/** When the log was opened, for `relativeCreated`. */
	readonly startedAt: number;
};

/** A field as a format sees it: its Python type decides which conversions it takes. */
export type FieldValue =
	| {readonly type: 'text'; readonly value: string}
	| {readonly type: 'integer' | 'float'; readonly value: number}
	/** An object of Python that has only a text, such as `None`. */
	| {readonly type: 'object'; readonly value: string};

/** What a name in a format stands for, or undefined for an unknown one. */
export const readField = (
	record: LogRecord,
	name: string,
	asctime: (created: number) => string,
): FieldValue | undefined => {
	switch (name) {
		case 'message':
		case 'msg':
			return text(record.message);
		case 'asctime':
			return text(asctime(record.created));
		case 'levelname':
			return text(levelName(record.levelno));
		case 'levelno':
			return integer(record.levelno);
		case 'name':
			return text(record.name);
		case 'process':
		case 'thread':
			return integer(record.pid);
		case 'created':
			return {type: 'float', value: record.created};
		case 'msecs':
			return {
				type: 'float',
				value: Math.trunc((record.created - Math.trunc(record.created)) * 1000),
			};
		case 'relativeCreated':
			return {type: 'float', value: (record.created - record.startedAt) * 1000};
		case 'pathname':
		case 'filename':
			return text('supervisor.js');
		case 'module':
		case 'funcName':
			return text('supervisor');
		case 'lineno':
			return integer(1);
		case 'threadName':
			return text('MainThread');
		case 'processName':
			return text('MainProcess');
		case 'args':
			return {type: 'object', value: '()'};
		case 'exc_info':
		case 'exc_text':
		case 'stack_info':
		case 'taskName':
			return {type: 'object', value: 'None'};
		default:
			return undefined;
	}
};

const text = (value: string): FieldValue => ({type: 'text', value});

const integer = (value: number): FieldValue => ({type: 'integer', value});

/** Python's name of a level. */
export const levelName = (levelno: number): string => {
	switch (levelno) {
		case 50:
			return 'CRITICAL';
		case 40:
			return 'ERROR';
		case 30:
			return 'WARNING';
		case 20:
			return 'INFO';
		case 10:
			return 'DEBUG';
		case 0:
			return 'NOTSET';
		default:
			return `Level ${levelno}`;
	}
};

/** Every name that a record has, for messages. */
export const fieldNames =
	'name levelno levelname pathname filename module lineno created asctime msecs relativeCreated thread threadName process processName funcName message';
