import test from 'ava';
import {ConversionError} from '../../src/schema/conversion-error.js';
import {
	basicKey,
	boolean,
	byteSize,
	type Datatype,
	dottedName,
	float,
	integer,
	integerBetween,
	integerList,
	octal,
	portNumber,
	stringList,
	timeInterval,
} from '../../src/schema/datatypes.js';
import {surroundings} from '../helpers/surroundings.js';

const accepts = (
	name: string,
	datatype: Datatype<unknown>,
	cases: readonly [string, unknown][],
) => {
	for (const [text, expected] of cases) {
		test(`${name} takes ${JSON.stringify(text)}`, t => {
			t.deepEqual(datatype(text, surroundings()), expected);
		});
	}
};

const refuses = (name: string, datatype: Datatype<unknown>, cases: readonly [string, string][]) => {
	for (const [text, message] of cases) {
		test(`${name} refuses ${JSON.stringify(text)}`, t => {
			t.throws(() => datatype(text, surroundings()), {instanceOf: ConversionError, message});
		});
	}
};

const badInteger = (text: string) => `invalid literal for int() with base 10: '${text}'`;

accepts('boolean', boolean, [
	['yes', true],
	['TRUE', true],
	['On', true],
	['no', false],
	['False', false],
	['off', false],
]);
refuses('boolean', boolean, [
	['1', "not a valid boolean value: '1'"],
	['', "not a valid boolean value: ''"],
	['y', "not a valid boolean value: 'y'"],
]);
accepts('integer', integer, [['-3', -3]]);
accepts('float', float, [['1e1', 10]]);
accepts('octal', octal, [['027', 23]]);
accepts('a list of words', stringList, [
	[' a\xa0b ', ['a', 'b']],
	['', []],
]);
accepts('a list of integers', integerList, [
	['0, 2', [0, 2]],
	['-1', [-1]],
	['', []],
]);
refuses('a list of integers', integerList, [
	['0 2', badInteger('0 2')],
	['1,', badInteger('')],
]);
accepts('byte size', byteSize, [
	['10', 10],
	['10 MB', 10 * 1024 ** 2],
	['3kb', 3072],
	['-1GB', -(1024 ** 3)],
]);
refuses('byte size', byteSize, [
	['10K', badInteger('10k')],
	['1.5MB', badInteger('1.5')],
	['1TB', badInteger('1tb')],
	['MB', badInteger('')],
	['constructor', badInteger('constructor')],
]);
accepts('time interval', timeInterval, [
	['20s', 20],
	['10m', 600],
	['2 H', 7200],
	['15d', 15 * 86400],
	['7', 7],
]);
refuses('time interval', timeInterval, [
	['1w', badInteger('1w')],
	['m', badInteger('')],
]);
accepts('port', portNumber, [
	['0', 0],
	['65535', 65535],
]);
refuses('port', portNumber, [
	['99999', '99999 is above upper bound (65535)'],
	['-1', '-1 is below lower bound (0)'],
	['9'.repeat(30), `${'9'.repeat(30)} is above upper bound (65535)`],
]);
refuses('a positive integer', integerBetween(1, undefined), [['0', '0 is below lower bound (1)']]);
accepts('key', basicKey, [['A-b._9', 'a-b._9']]);
refuses('key', basicKey, [
	['9a', "value did not match regular expression: '9a'"],
	['a=b', "value did not match regular expression: 'a=b'"],
	['ä', "value did not match regular expression: 'ä'"],
]);
accepts('dotted name', dottedName, [['a._b.C9', 'a._b.C9']]);
refuses('dotted name', dottedName, [
	['a..b', "not a valid dotted name: 'a..b'"],
	['', "not a valid dotted name: ''"],
]);
