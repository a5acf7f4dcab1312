import type {SeededRandom} from './seeded-random.js';

export type Mutation = {
	readonly bytes: Buffer;
	/** `-X` arguments to read it with. */
	readonly overrides: readonly string[];
	readonly description: string;
};

type Lines = string[];
type Change = (lines: Lines, random: SeededRandom) => void;

/** One to three changes (most often one) of the kinds that people make, and of the kinds that disks make. */
export const mutateConfiguration = (bytes: Buffer, random: SeededRandom): Mutation => {
	const lines = bytes.toString('utf8').split('\n');
	const description: string[] = [];
	for (let rounds = random.pick([1, 1, 1, 2, 2, 3]); rounds > 0; rounds--) {
		const [name, change] = random.pick(changes);
		change(lines, random);
		description.push(name);
	}
	const text = Buffer.from(lines.join('\n'));
	const isDamaged = random.below(20) === 0;
	if (isDamaged) description.push('bytes');
	const overrides = random.below(15) === 0 ? [random.pick(specifiers)] : [];
	return {
		bytes: isDamaged ? damage(text, random) : text,
		overrides,
		description: [...description, ...overrides].join(', '),
	};
};

const damage = (bytes: Buffer, random: SeededRandom): Buffer => {
	const at = random.below(bytes.length + 1);
	const insert = random.pick(byteSequences);
	const removed = random.below(3);
	return Buffer.concat([bytes.subarray(0, at), Buffer.from(insert), bytes.subarray(at + removed)]);
};

const byteSequences: readonly [number[], ...number[][]] = [
	[0],
	[0xff],
	[0xc3],
	[0xc2, 0x85],
	[0xc2, 0xa0],
	[0xef, 0xbb, 0xbf],
	[0xe2, 0x80, 0xa8],
	[0xe3, 0x80, 0x80],
	[0xed, 0xa0, 0x80],
	[0xf0, 0x9f, 0x98, 0x80],
	[0x0d],
	[0x0b],
	[0x1c],
	[0x1f],
	[0x7f],
	[0x09],
	[0x0a],
	[0x20],
	[],
];

const specifiers: readonly [string, ...string[]] = [
	'runner/program=sleep 5',
	'runner/backoff-limit=3',
	'runner/Daemon=off',
	'runner/nokey=1',
	'runner/eventlog/level=debug',
	'eventlog/level=error',
	'eventlog/logfile/path=STDOUT',
	'eventlog/logfile/format=%(message)s',
	'environment/NEW=value with blanks',
	'zeo/address=9000',
	'1/read-only=true',
	'filestorage/read-only=true',
	'nosection/key=1',
	'program=sleep',
	'runner/user=',
	'logger/level=debug',
	'zeo/ssl/certificate=x',
];

const values: readonly [string, ...string[]] = [
	'',
	'1',
	'0',
	'-1',
	'+7',
	'1_000',
	'1__0',
	'0x10',
	'010',
	'0o17',
	'1.5',
	'1e3',
	'inf',
	'nan',
	'.5',
	'٣٤',
	'99999',
	'65536',
	'12345678901234567890123456789',
	'yes',
	'NO',
	'True',
	'off',
	'y',
	'10 MB',
	'10mb',
	'3KB',
	'10k',
	'1TB',
	'-5GB',
	'30s',
	'2 D',
	'0,2',
	'0, 2,',
	'0 2',
	'debug',
	'WARNING',
	'51',
	'localhost',
	'host:80',
	'host:',
	':8100',
	'[::1]:80',
	'[::1]',
	'::1',
	'a b',
	'host:abc',
	'host:70000',
	'*',
	'/no/such/folder/file',
	'/tmp/x',
	'/tmp/',
	'relative',
	'a/b/c/d',
	'./x',
	'~',
	'~/x',
	'~root/x',
	'~no-such-user/x',
	'$',
	'$$',
	'$INSTANCE',
	'$nope',
	'${INSTANCE}',
	'${INSTANCE',
	'${}',
	'$(HOME)',
	'$(HOME',
	'$(NOT_SET_ANYWHERE)',
	'$()',
	'$1',
	'a$$b$INSTANCE-c',
	"it's",
	'"quoted words" here',
	'STDOUT',
	'STDERR',
	'midnight',
	'format',
	'Template',
	'%(message)s',
	'%(message)',
	'%(asctime)s %(levelname)-8s',
	'{message}',
	'$$message',
	'{',
	'100%%',
	'umlaut ä ö',
	'tab\there',
	'#',
	'no#comment',
	'<x>',
	'local0',
	'GET',
	'PUT',
	'http://h/p',
	'https://h/p',
	'http://h',
	'a.b.c',
	'a..b',
];

const keys: readonly [string, ...string[]] = [
	'program',
	'socket-name',
	'socket_name',
	'daemon',
	'directory',
	'umask',
	'transcript',
	'backoff-limit',
	'forever',
	'exit-codes',
	'user',
	'start-test-program',
	'start-timeout',
	'stop-timeout',
	'logfile',
	'prompt',
	'hang-around',
	'address',
	'read-only',
	'invalidation-age',
	'invalidation-queue-size',
	'transaction-timeout',
	'msgpack',
	'path',
	'blob-dir',
	'quota',
	'pack-gc',
	'level',
	'format',
	'style',
	'dateformat',
	'max-size',
	'old-files',
	'when',
	'interval',
	'delay',
	'encoding',
	'name',
	'constructor',
	'__proto__',
	'9key',
	'key!',
	'(paren',
	'PROGRAM',
];

const sectionTypes: readonly [string, ...string[]] = [
	'runner',
	'environment',
	'eventlog',
	'logger',
	'logfile',
	'syslog',
	'zeo',
	'ssl',
	'filestorage 1',
	'filestorage two',
	'filestorage',
	'mappingstorage 3',
	'demostorage x',
	'blobstorage 1',
	'zodb',
	'zodb.storage',
	'ZConfig.logger.log',
	'zconfig.logger.base-logger',
	'zzz',
	'$x',
	'a b c',
	'filestorage *',
	'filestorage +',
	'Runner Foo',
];

const strayLines: readonly [string, ...string[]] = [
	'',
	'   ',
	'# comment',
	'\t#',
	'%define x 1',
	'%define INSTANCE other',
	'%define instance $HOME',
	'%define y $x',
	'%define 1x',
	'%define',
	'%define new',
	'%defin x',
	'%',
	'% define x',
	'%include no-such-file.conf',
	'%include parts/log.part',
	'%include parts/environment.part',
	'%include $nope',
	'%include ../confs/parts/environment.part#frag',
	'%include /etc',
	'%include foo:bar',
	'%import zc.zlibstorage',
	'%import relstorage',
	'%import no.such.package',
	'%import a..b',
	'%import ZODB',
	'%import ZEO',
	'%import ZConfig.components.logger',
	'(stray)',
	')',
	'key',
	'<',
	'>',
	'</',
	'</>',
	'<>',
	'</runner>',
	'</RUNNER >',
	'</ runner>',
	'</runner x>',
	'</eventlog>',
	'</zeo>',
	'<runner',
	'<runner> x',
	'</runner',
	'< runner>',
	'<eventlog/>',
	'<mappingstorage 9/>',
	'<mappingstorage 1/>',
	'<demostorage/>',
	'</logfile>',
];

const anyLine = (lines: Lines, random: SeededRandom): number => random.below(lines.length);

/** A line with a key, if there is one near a random place. */
const keyLine = (lines: Lines, random: SeededRandom): number => {
	const start = anyLine(lines, random);
	for (let step = 0; step < lines.length; step++) {
		const index = (start + step) % lines.length;
		if (/^\s*[^\s<%#]/.test(lines[index] ?? '')) return index;
	}
	return start;
};

const edit = (lines: Lines, index: number, change: (line: string) => string): void => {
	lines[index] = change(lines[index] ?? '');
};

const editValue = (lines: Lines, random: SeededRandom, change: (value: string) => string): void =>
	edit(lines, keyLine(lines, random), line =>
		line.replace(
			/^(\s*\S+\s*)(.*)$/s,
			(_, head: string, value: string) => `${head}${change(value)}`,
		),
	);

const changes: readonly [[string, Change], ...[string, Change][]] = [
	['delete line', (lines, random) => void lines.splice(anyLine(lines, random), 1)],
	[
		'double line',
		(lines, random) => {
			const index = anyLine(lines, random);
			lines.splice(index, 0, lines[index] ?? '');
		},
	],
	[
		'move line',
		(lines, random) => {
			const [line = ''] = lines.splice(anyLine(lines, random), 1);
			lines.splice(anyLine(lines, random), 0, line);
		},
	],
	[
		'swap neighbours',
		(lines, random) => {
			const index = anyLine(lines, random);
			lines.splice(index, 2, ...lines.slice(index, index + 2).reverse());
		},
	],
	[
		'stray line',
		(lines, random) => void lines.splice(anyLine(lines, random), 0, random.pick(strayLines)),
	],
	['comment', (lines, random) => void lines.splice(anyLine(lines, random), 0, '  # note')],
	['blank line', (lines, random) => void lines.splice(anyLine(lines, random), 0, ' \t')],
	['value', (lines, random) => editValue(lines, random, () => random.pick(values))],
	['value', (lines, random) => editValue(lines, random, () => random.pick(values))],
	['suffix', (lines, random) => editValue(lines, random, value => value + random.pick(values))],
	['prefix', (lines, random) => editValue(lines, random, value => random.pick(values) + value)],
	['upper case value', (lines, random) => editValue(lines, random, value => value.toUpperCase())],
	[
		'key',
		(lines, random) =>
			edit(lines, keyLine(lines, random), line =>
				line.replace(/^(\s*)\S+/, `$1${random.pick(keys)}`),
			),
	],
	[
		'new key',
		(lines, random) =>
			void lines.splice(anyLine(lines, random), 0, `  ${random.pick(keys)} ${random.pick(values)}`),
	],
	[
		'case of a line',
		(lines, random) =>
			edit(lines, anyLine(lines, random), line =>
				random.below(2) === 0 ? line.toUpperCase() : line.toLowerCase(),
			),
	],
	['indent', (lines, random) => edit(lines, anyLine(lines, random), line => `\t  ${line} \r`)],
	['outdent', (lines, random) => edit(lines, anyLine(lines, random), line => line.trim())],
	[
		'section',
		(lines, random) =>
			edit(lines, anyLine(lines, random), line =>
				line.replace(/<[^/][^>]*>/, `<${random.pick(sectionTypes)}>`),
			),
	],
	[
		'new section',
		(lines, random) => {
			const type = random.pick(sectionTypes);
			const body = [`${random.pick(keys)} ${random.pick(values)}`].slice(random.below(2));
			const end = `</${type.split(' ')[0]}>`;
			lines.splice(anyLine(lines, random), 0, `<${type}>`, ...body, end);
		},
	],
	[
		'section name',
		(lines, random) =>
			edit(lines, anyLine(lines, random), line =>
				line.replace(
					/^(\s*<\w+)[^>]*>/,
					`$1 ${random.pick(['x', '1', 'Two', 'größe', 'a(b', '+', 'name', 'level'])}>`,
				),
			),
	],
	['cut', (lines, random) => void lines.splice(1 + anyLine(lines, random))],
	[
		'delete character',
		(lines, random) =>
			edit(lines, anyLine(lines, random), line => {
				const at = random.below(line.length + 1);
				return line.slice(0, at) + line.slice(at + 1);
			}),
	],
	[
		'insert character',
		(lines, random) =>
			edit(lines, anyLine(lines, random), line => {
				const at = random.below(line.length + 1);
				const character = random.pick([...'<>/%$#(){}=:.-_ \t"\'\\0aZä\u00a0\u2028\ufeff\x1c'] as [
					string,
					...string[],
				]);
				return line.slice(0, at) + character + line.slice(at);
			}),
	],
	[
		'copy block',
		(lines, random) => {
			const start = anyLine(lines, random);
			const block = lines.slice(start, start + 2 + random.below(5));
			lines.splice(anyLine(lines, random), 0, ...block);
		},
	],
];
