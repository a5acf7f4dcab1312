import test from 'ava';
import {createAsctime} from '../../src/daemon/asctime.js';
import {compileLogFormat, type LogStyle} from '../../src/schema/log-format.js';
import type {LogRecord} from '../../src/schema/log-record.js';
import {inTimeZone} from '../helpers/time-zone.js';

const record: LogRecord = {
	name: 'root',
	levelno: 20,
	message: 'daemon manager started',
	created: 1_700_000_000.25,
	startedAt: 1_699_999_999,
	pid: 4711,
};

type Options = {readonly dateFormat?: string; readonly arbitraryFields?: boolean};

const compile = (format: string, style: LogStyle, options: Options = {}) => {
	const {dateFormat = '%Y-%m-%dT%H:%M:%S', arbitraryFields = false} = options;
	return compileLogFormat(
		{format, style, arbitraryFields},
		createAsctime(dateFormat, () => 'UTC'),
	);
};

const write = (format: string, style: LogStyle, options?: Options): string =>
	inTimeZone('UTC', () => compile(format, style, options)(record));

const reads = test.macro({
	exec(t, format: string, expected: string, style: LogStyle = 'classic') {
		t.is(write(format, style), expected);
	},
	title: (_, format: string, __, style = 'classic') => `${style} ${format} is written`,
});

test(
	reads,
	'------\\n%(asctime)s %(levelname)s %(name)s %(message)s',
	'------\n2023-11-14T22:13:20 INFO root daemon manager started',
);
test(reads, '%(levelname)-8s|%(process)7d|%(msecs)03d', 'INFO    |   4711|250');
test(reads, '%(created)f %(relativeCreated).1f', '1700000000.250000 1250.0');
test(reads, '100%% %(message).6s', '100% daemon');
test(reads, '\\t%(levelno)d\\r\\b\\f', '\t20\r\b\f');
test(reads, '', 'daemon manager started');
test(reads, '{levelname:<8}|{process:>7}|{message!r:.8}', "INFO    |   4711|'daemon ", 'format');
test(reads, '{{{created:,.1f}}}', '{1,700,000,000.2}', 'format');
test(reads, '', 'daemon manager started', 'format');
test(reads, '$levelname ${process}$$ $created', 'INFO 4711$ 1700000000.25', 'template');
test(reads, '$nonsense $ ${message} ${', '$nonsense $ daemon manager started ${', 'safe-template');

test('levels without a name are numbered', t => {
	const format = compile('%(levelname)s', 'classic');
	t.is(format({...record, levelno: 15}), 'Level 15');
	t.is(format({...record, levelno: 50}), 'CRITICAL');
});

test('lines of a message are not indented', t => {
	t.is(compile('%(levelname)s %(message)s', 'classic')({...record, message: 'a\nb'}), 'INFO a\nb');
});

test('without a date format, times have milliseconds', t => {
	t.is(write('%(asctime)s', 'classic', {dateFormat: ''}), '2023-11-14 22:13:20,250');
});

test('unknown fields stay as they are written where arbitrary fields are on', t => {
	const options = {arbitraryFields: true};
	t.is(write('%(user)s %(levelname)s', 'classic', options), '%(user)s INFO');
	t.is(write('{user:>9} {levelname}', 'format', options), '{user:>9} INFO');
	t.is(write('${user} $levelname', 'template', options), '${user} INFO');
});

const isRefused = test.macro({
	exec(t, format: string, message: string | RegExp, style: LogStyle = 'classic') {
		t.throws(() => compile(format, style), {message});
	},
	title: (_, format: string, __, style = 'classic') => `${style} ${format} is refused`,
});

test(isRefused, '%(message)', 'incomplete format');
test(isRefused, '%(message)s %', 'incomplete format');
test(isRefused, '%(message', 'incomplete format key');
test(isRefused, '%(message)y', "unsupported format character 'y' (0x79) at index 10");
test(isRefused, '☃𝄞%(message)☃', "unsupported format character '?' (0x2603) at index 12");
test(isRefused, '%s', "'%s' does not name a field; write for instance '%(message)s'");
test(isRefused, '%(message)*s', "'*' in '%(message)*s' is not possible here; write the number");
test(isRefused, '%(user)s', /^unknown field 'user' in the format; known are: name levelno /);
test(isRefused, '%(message)d', "%d format: a number is required, not text; write 's'");
test(isRefused, '%(created)x', '%x format: an integer is required, not a float');
test(isRefused, '%(message)c', '%c requires int or char');
test(isRefused, '%(message)9999999999s', 'width too big');
test(isRefused, '%(created).9999999999f', 'precision too big');
test(isRefused, '{message', "expected '}' before end of string", 'format');
test(isRefused, 'message}', "Single '}' encountered in format string", 'format');
test(isRefused, '{', "Single '{' encountered in format string", 'format');
test(isRefused, '{}', 'format formats cannot use positional placeholders', 'format');
test(isRefused, '{0}', 'format formats cannot use positional placeholders', 'format');
test(isRefused, '{message!x}', 'Unknown conversion specifier x', 'format');
test(isRefused, '{message!', 'end of string while looking for conversion specifier', 'format');
test(isRefused, '{message!rr}', "expected ':' after conversion specifier", 'format');
test(isRefused, '{message:d}', "Unknown format code 'd' for object of type 'str'", 'format');
test(isRefused, '{message:5', "unmatched '{' in format spec", 'format');
test(isRefused, '{lineno:.2}', 'Precision not allowed in integer format specifier', 'format');
test(isRefused, '{message:>>>5}', "Invalid format specifier '>>>5'", 'format');
test(
	isRefused,
	'{message.upper}',
	"'{message.upper}' reaches into a field; only whole fields can be written",
	'format',
);
test(
	isRefused,
	'{message:{lineno}}',
	"'{message:{lineno}}' has a field in its width; write the number",
	'format',
);
test(isRefused, '{user}', /^unknown field 'user'/, 'format');
test(isRefused, '$message\\n $ x', 'Invalid placeholder in string: line 2, col 2', 'template');
test(isRefused, '$user', /^unknown field 'user'/, 'template');
