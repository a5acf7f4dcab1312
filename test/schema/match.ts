import test from 'ava';
import {ConversionError} from '../../src/schema/conversion-error.js';
import {boolean, integer, string} from '../../src/schema/datatypes.js';
import {
	abstractType,
	anyKeys,
	asMatched,
	defaultKey,
	lazyType,
	optionalKey,
	optionalSection,
	requiredKey,
	requiredMultikey,
	requiredSection,
	sections,
	sectionType,
} from '../../src/schema/describe.js';
import {matchTree} from '../../src/schema/match.js';
import {type Override, parseSpecifier} from '../../src/schema/overrides.js';
import {renderProblem} from '../../src/zconfig/errors.js';
import {parseConfiguration} from '../../src/zconfig/parse.js';
import {surroundings} from '../helpers/surroundings.js';

const thing = abstractType<string>('thing');
const box = () =>
	sectionType({
		name: 'box',
		implements: thing,
		children: {size: defaultKey(integer, '3'), inner: optionalSection(thing)},
		convert({values, name}) {
			if (values.size < 0) throw new ConversionError('a box cannot be smaller than nothing');
			return `${name ?? 'box'}(${values.size}${values.inner ?? ''})`;
		},
	});
const house = () =>
	sectionType({
		name: 'house',
		children: {
			owner: requiredKey(string),
			open: optionalKey(boolean),
			guest: requiredMultikey(string),
			things: sections(thing),
		},
		convert: asMatched,
	});
const notes = () =>
	sectionType({
		name: 'notes',
		hasFreeKeys: true,
		children: {all: anyKeys(string)},
		convert: ({values}) => values.all,
	});
const label = () => sectionType({name: 'label', children: {}, convert: ({name}) => name ?? ''});

const schema = () => ({
	children: {
		house: requiredSection(lazyType('house', house)),
		notes: optionalSection(lazyType('notes', notes)),
		named: sections(thing, {isNamed: true}),
		labels: sections(lazyType('label', label), {hasOwnNames: true}),
	},
	types: {thing: () => thing, box, house, notes, label},
	components: [],
	packages: {
		crates: () => ({
			types: {
				crate: () =>
					sectionType({name: 'crate', implements: thing, children: {}, convert: () => 'crate'}),
			},
			imports: [],
		}),
		clash: () => ({types: {box}, imports: []}),
	},
});

const match = (text: string, specifiers: readonly string[] = []) => {
	const tree = parseConfiguration({
		location: '/x.conf',
		read: () => ({ok: true, url: 'file:///x.conf', text}),
		environment: {},
	});
	const overrides = specifiers.map(parseSpecifier).filter((one): one is Override => 'path' in one);
	const {values, problems} = matchTree({
		tree,
		schema: schema(),
		surroundings: surroundings(),
		overrides,
	});
	return {values, problems, texts: problems.map(renderProblem)};
};

const good = '<house>\nowner me\nguest you\n</house>\n';

test('values come converted, by the names of the schema', t => {
	const {values, texts} = match(
		'<House>\nOWNER me\nguest a\nguest b\nopen yes\n<box/>\n<box x>\nsize 5\n<box/>\n</box>\n</house>\n<notes>\nA 1\na 2\n</notes>',
	);
	t.deepEqual(texts, []);
	t.deepEqual(values?.house.values, {
		owner: 'me',
		open: true,
		guest: ['a', 'b'],
		things: ['box(3)', 'x(5box(3))'],
	});
	t.deepEqual(
		values?.notes,
		new Map([
			['A', '1'],
			['a', '2'],
		]),
	);
	t.deepEqual(values?.named, []);
});

test('keys tell where they stand', t => {
	const {values} = match(good, ['house/open=no']);
	t.deepEqual(
		[...(values?.house.positions ?? [])],
		[
			['owner', {url: 'file:///x.conf', line: 2}],
			['guest', {url: 'file:///x.conf', line: 3}],
			['open', undefined],
		],
	);
});

const at = (line: number) => `\n(line ${line} in file:///x.conf)`;

for (const [title, text, expected] of [
	[
		'an unknown key has no position',
		`<house>\nx 1\n${good.slice(8)}`,
		["'x' is not a known key name"],
	],
	[
		'a key of the prototype is unknown',
		`<house>\nconstructor 1\n${good.slice(8)}`,
		["'constructor' is not a known key name"],
	],
	[
		'the name of a place for sections is no key',
		`<house>\nthings 1\n${good.slice(8)}`,
		["'things' is not a known key name"],
	],
	[
		'a repeated key has no position',
		`<house>\nowner a\n${good.slice(8)}`,
		["'owner' does not support multiple values"],
	],
	[
		'a repeated free key has no position',
		`${good}<notes>\na 1\na 2\n</notes>`,
		["too many values for 'a'"],
	],
	[
		'a bad key has the position of a value',
		`<house>\n9 x\n${good.slice(8)}`,
		["value did not match regular expression: '9' (line 2, in file:///x.conf)"],
	],
	[
		'missing keys are told at the end of the section',
		'<house>\n</house>',
		[
			`no values for 'owner'; 1 required${at(2)}`,
			`not enough values for 'guest'; 0 found, 1 required${at(2)}`,
		],
	],
	[
		'missing keys of an empty element have no position',
		'<house/>',
		["no values for 'owner'; 1 required", "not enough values for 'guest'; 0 found, 1 required"],
	],
	[
		'a missing section has no position at the top',
		'',
		["no values for section type 'house'; 1 required"],
	],
	[
		'a second section is one too many',
		good + good,
		[`too many instances of 'house' section${at(8)}`],
	],
	['an unknown type', `<zzz>\n</zzz>\n${good}`, [`unknown type name: 'zzz'${at(1)}`]],
	[
		'a type in the wrong place',
		`<label>\n<house/>\n</label>\n${good}`,
		[`no matching section defined for type='house', name='None'${at(2)}`],
	],
	[
		'an abstract type',
		`<thing/>\n${good}`,
		[`concrete sections cannot match abstract section types; found abstract type 'thing'${at(1)}`],
	],
	[
		'a name that must be there',
		`${good}<box/>`,
		[`None is not an allowed name for 'thing' sections${at(5)}`],
	],
	[
		'a name that may not be',
		`${good}<box */>`,
		[`'*' is not an allowed name for 'thing' sections${at(5)}`],
	],
	[
		'a name that is a key of the section around it',
		`<house>\n<box open/>\n${good.slice(8)}`,
		[`section name open already in use for key${at(2)}`],
	],
	[
		'a name used twice',
		`${good}<box a/>\n<box A>\n</box>`,
		[`section names must not be re-used within the same container:'a'${at(7)}`],
	],
	[
		'a name used twice by an empty element',
		`${good}<box a/>\n<box a/>`,
		["section names must not be re-used within the same container:'a'"],
	],
	[
		'a value that cannot be converted',
		`<house>\nopen 1\n${good.slice(8)}`,
		["not a valid boolean value: '1' (line 2, in file:///x.conf)"],
	],
	[
		'a section that cannot be converted is told where the outer one ends',
		`<house>\n<box>\nsize -1\n</box>\n${good.slice(8)}`,
		['a box cannot be smaller than nothing (line 7, -1, in file:///x.conf)'],
	],
	[
		'an unknown package',
		`%import no.such\n${good}`,
		[
			"could not load package no.such: No module named 'no'\n  Package name: 'no.such'\n  File name: 'component.xml'\n  Package path: None",
		],
	],
	['an impossible package', `%import a..b\n${good}`, ["illegal schema component name: 'a..b'"]],
	['a package that clashes', `%import clash\n${good}`, ["type name cannot be redefined: 'box'"]],
] as const) {
	test(title, t => {
		const {texts, values} = match(text);
		t.deepEqual(texts, [...expected]);
		t.is(values, undefined);
	});
}

test('all mistakes are told, the one that ZConfig meets first before the others', t => {
	const {texts} = match('<house>\nopen 1\nx 1\nguest a\n<zzz>\n<\n</zzz>\n</house>\n</house>\n(');
	t.deepEqual(texts, [
		"'x' is not a known key name",
		`unknown type name: 'zzz'${at(5)}`,
		`malformed section start${at(6)}`,
		`no values for 'owner'; 1 required${at(8)}`,
		"not a valid boolean value: '1' (line 2, in file:///x.conf)",
		`unexpected section end${at(9)}`,
		`malformed configuration data${at(10)}`,
	]);
});

test('names of their own may be those of other sections', t => {
	const {values, texts} = match(`${good}<box a/>\n<label a/>\n<label b/>`);
	t.deepEqual(texts, []);
	t.deepEqual(values?.labels, ['a', 'b']);
	t.is(match(`${good}<label a/>\n<label a/>`).texts.length, 1);
});

test('an import makes types known from there on, and again does nothing', t => {
	const {values, texts} = match(`%import crates\n%import crates\n${good}<crate a/>`);
	t.deepEqual(texts, []);
	t.deepEqual(values?.named, ['crate']);
	t.deepEqual(match(`${good}<crate a/>\n%import crates`).texts, [
		`unknown type name: 'crate'${at(5)}`,
	]);
});

test('a value given by -X replaces those of the file', t => {
	const {values} = match(good, ['house/owner=you', 'house/guest=x', 'HOUSE/Guest=y']);
	t.like(values?.house.values, {owner: 'you', guest: ['x', 'y']});
});

test('a section may be meant by its name', t => {
	const {values} = match(`${good}<box 1/>\n<box two/>`, ['two/size=9', 'box/size=8']);
	t.deepEqual(values?.named, ['1(8)', 'two(9)']);
});

for (const [specifier, expected] of [
	['house/nokey=1', `'nokey' is not a known key name${at(4)}`],
	['top=1', "'top' is not a known key name"],
	['nowhere/a=1', 'not all command line options were consumed'],
	['house/nowhere/a=1', `not all command line options were consumed${at(4)}`],
	['house/open=1', "not a valid boolean value: '1'\n(line -1, column -1 in <command-line option>)"],
	[
		'house/9=1',
		"value did not match regular expression: '9'\n(line -1, column -1 in <command-line option>)",
	],
] as const) {
	test(`-X ${specifier} is refused`, t => {
		t.is(match(good, [specifier]).texts[0], expected);
	});
}

test('specifiers without a key or value are refused before anything is read', t => {
	t.deepEqual(parseSpecifier('a/b'), {message: 'invalid configuration specifier'});
	t.deepEqual(parseSpecifier('a//b=1'), {message: "'//' is not allowed in an option path"});
	t.deepEqual(parseSpecifier('/b=1'), {message: "'//' is not allowed in an option path"});
	t.deepEqual(parseSpecifier('a/b=c=d'), {path: ['a', 'b'], value: 'c=d'});
});

test('sections may be nested deep', t => {
	const depth = 20_000;
	const {values} = match(
		`${good}<box a>\n${'<box>\n'.repeat(depth)}${'</box>\n'.repeat(depth)}</box>`,
	);
	t.is(values?.named.length, 1);
});

test('of very many mistakes the first ten thousand are told', t => {
	const {texts} = match(`<house>\n${'x 1\n'.repeat(20_000)}</house>`);
	t.is(texts.length, 10_000);
});
