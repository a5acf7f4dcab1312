import test from 'ava';
import {createAsctime} from '../../src/daemon/asctime.js';
import {createZoneAbbreviation} from '../../src/platform/time-zone.js';
import {compileLogFormat, type LogFormatOptions} from '../../src/schema/log-format.js';
import type {LogRecord} from '../../src/schema/log-record.js';
import {askPython} from '../helpers/ask-python.js';
import {type SeededRandom, seededRandom} from '../helpers/seeded-random.js';
import {inTimeZone} from '../helpers/time-zone.js';

type Answer = {readonly outcome: string; readonly text?: string; readonly message?: string};

/** What we refuse although ZConfig loads it: the original would print something useless, or a record of any width. */
const deliberate =
	/does not name a field|reaches into a field|has a field in its width|(width|precision) too big|is not possible here/;

const agrees = test.macro({
	exec(t, makeFormat: (random: SeededRandom) => string, style: LogFormatOptions['style']) {
		const random = seededRandom(style.length);
		const cases = Array.from({length: 3000}, () => {
			const options = {
				format: makeFormat(random),
				style,
				dateFormat: random.pick(['%Y-%m-%dT%H:%M:%S', '', '%d %b %H:%M', '%c %Z']),
				arbitraryFields: random.below(4) === 0,
			};
			return [options, randomRecord(random)] as const;
		});
		const zone = random.pick(['Europe/Berlin', 'America/New_York', 'Asia/Kathmandu']);
		const answers = askPython(t, {
			script: 'log_format.py',
			input: cases,
			environment: {TZ: zone, LC_ALL: 'C.UTF-8'},
		});
		if (!Array.isArray(answers)) return;
		const ours = inTimeZone(zone, () => {
			const abbreviation = createZoneAbbreviation(zone);
			return cases.map(([options, record]) => attempt(options, record, abbreviation));
		});
		const counts = {text: 0, refused: 0};
		for (const [index, theirs] of answers.entries()) {
			const our = ours[index] ?? {outcome: 'none'};
			const shown = JSON.stringify({case: cases[index], theirs, our});
			if (our.outcome === 'refused' && deliberate.test(our.message ?? '')) continue;
			if (theirs.outcome === 'failed later') t.is(our.outcome, 'text', shown);
			else t.is(our.outcome, theirs.outcome, shown);
			if (theirs.outcome === 'text') t.is(our.text, theirs.text, shown);
			if (our.outcome === 'text') counts.text++;
			else counts.refused++;
		}
		t.true(counts.text > 500, `only ${counts.text} formats were accepted`);
		t.true(
			style === 'safe-template' || counts.refused > 100,
			`only ${counts.refused} were refused`,
		);
	},
	title: (_, __, style) => `formats of style ${style} are taken and written as Python does`,
});

const attempt = (
	options: LogFormatOptions & {readonly dateFormat: string},
	record: LogRecord,
	abbreviation: (unixSeconds: number) => string,
): Answer => {
	let write: (record: LogRecord) => string;
	try {
		write = compileLogFormat(options, createAsctime(options.dateFormat, abbreviation));
	} catch (error) {
		return {outcome: 'refused', message: error instanceof Error ? error.message : ''};
	}
	return {outcome: 'text', text: write(record)};
};

const randomRecord = (random: SeededRandom): LogRecord => ({
	name: 'root',
	levelno: random.pick([5, 10, 15, 20, 30, 40, 50]),
	message: random.pick([
		'spawned process pid=17',
		'',
		'two\nlines',
		"can't chdir into '/x'",
		'naïve ☃ 𝄞',
		'say "it\'s"',
		'\t\u0001\u00a0\\',
	]),
	created: random.pick([
		1_700_000_000 + random.below(100_000_000) + random.fraction(),
		1_700_000_000 + random.below(1000) + random.below(8) / 8,
	]),
	startedAt: 1_699_999_999.25,
	pid: 1 + random.below(60_000),
});

const names: readonly [string, ...string[]] = [
	'message',
	'message',
	'asctime',
	'levelname',
	'levelno',
	'name',
	'process',
	'created',
	'msecs',
	'relativeCreated',
	'lineno',
	'module',
	'threadName',
	'exc_info',
	'args',
	'nonsense',
];

const literal = (random: SeededRandom): string =>
	random.pick(['', '', ' ', '------\\n', '%%', '{{', '}}', '$$', 'é', '\\t', '[', ']', ': ']);

const rarely = (random: SeededRandom, text: string): string => (random.below(60) === 0 ? text : '');

const several = (random: SeededRandom, make: () => string): string =>
	Array.from({length: 1 + random.below(3)}, () => literal(random) + make()).join('');

const percentFormat = (random: SeededRandom): string =>
	several(random, () => {
		const flags = random.pick(['', '', '', '-', '0', '+', ' ', '#', '-0', '+#']);
		const width = random.pick(['', '', '', '3', '8', '20']);
		const precision = random.pick(['', '', '', '.0', '.3', '.', '.10']);
		const conversion = random.pick([...'sssssssdddifgeGExXorac%y'] as [string, ...string[]]);
		return `%${rarely(random, '%')}(${random.pick(names)}${rarely(random, '(')})${flags}${width}${precision}${rarely(random, 'l')}${rarely(random, '*')}${conversion}`;
	}) + rarely(random, '%');

const braceFormat = (random: SeededRandom): string =>
	several(random, () => {
		const conversion = random.pick(['', '', '', '', '!r', '!s', '!a', '!x']);
		return `${rarely(random, '{')}{${random.pick(names)}${conversion}${random.below(2) ? '' : braceSpecifier(random)}${rarely(random, '}')}}${rarely(random, '}')}`;
	}).replaceAll('%%', '%');

const braceSpecifier = (random: SeededRandom): string => {
	const side = random.pick(['', '', '', '<', '>', '^', '=', '*<', '0>', '_^', '}>']);
	const sign = random.pick(['', '', '', '', '+', '-', ' ']);
	const zero = random.pick(['', '', '', '0']);
	const width = random.pick(['', '', '5', '12', '24']);
	const grouping = random.pick(['', '', '', '', ',', '_']);
	const precision = random.pick(['', '', '', '.0', '.2', '.9', '.']);
	const type = random.pick([...'     sdefgGEnxXbocq%'] as [string, ...string[]]).trim();
	return `:${side}${sign}${rarely(random, '#')}${zero}${width}${grouping}${precision}${type}`;
};

const templateFormat = (random: SeededRandom): string =>
	several(random, () => {
		const name = random.pick(names);
		return random.pick([
			`$${name}`,
			`\${${name}}`,
			`$${name}`,
			'$$',
			rarely(random, '$'),
			rarely(random, '${'),
		]);
	}).replaceAll('%%', '%');

test(agrees, percentFormat, 'classic');
test(agrees, braceFormat, 'format');
test(agrees, templateFormat, 'template');
test(agrees, templateFormat, 'safe-template');
