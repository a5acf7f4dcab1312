import test from 'ava';
import {parsePackOptions} from '../../src/cli/pack-options.js';
import {nodeFileSystem, surroundingsOf} from '../../src/settings/file-system.js';

const surroundings = surroundingsOf(nodeFileSystem, {}, '/');
const parse = (hasConf: boolean, ...words: string[]) =>
	parsePackOptions(words, {hasConf, surroundings});
const at = (host: string, port: number, storage: string, family = 'inet') => ({
	address: {family, host, port},
	storage,
});

test('words are storages of the conf', t => {
	t.like(parse(true, 'main', '-S', 'other', '--days', '3', '-n'), {
		storages: ['main', 'other'],
		servers: [],
		days: 3,
		dryRun: true,
	});
});

test('without a conf words are servers, as for zeopack', t => {
	t.deepEqual(parse(false, 'localhost:8100', '[::1]:8101:main').servers, [
		at('localhost', 8100, '1'),
		at('::1', 8101, 'main', 'inet6'),
	] as never);
});

test('with a conf a word with a port is a server, as for the zeopack of an instance', t => {
	const {storages, servers} = parse(true, 'zeo:8100:main', '[::1]:8101');
	t.deepEqual(storages, []);
	t.deepEqual(servers, [at('zeo', 8100, 'main'), at('::1', 8101, '1', 'inet6')] as never);
	t.deepEqual(parse(true, 'a:b').storages, ['a:b']);
});

test('a server may be named in every way that zeopack knows', t => {
	const expected = [at('zeo', 8100, 'main')];
	for (const words of [
		['--server', 'zeo:8100:main'],
		['-h', 'zeo', '-p', '8100', '-S', 'main'],
		['-hzeo', '-p8100', '-Smain', '-w'],
	])
		t.deepEqual(parse(true, ...words).servers, expected as never, words.join(' '));
	for (const words of [
		['-U', '/run/zeo', '-S', 'main'],
		['-u', '/run/zeo:main'],
		['--server', '/run/zeo:main'],
	])
		t.deepEqual(parse(false, ...words).servers, [
			{address: {family: 'unix', path: '/run/zeo'}, storage: 'main'},
		]);
	t.deepEqual(parse(false, '-p', '8100').servers, [at('localhost', 8100, '1')] as never);
});

test('a time of day is that of today, unless days are given', t => {
	t.like(parse(true, '-t', '3:05'), {timeOfDay: 11_100, days: 0});
	t.like(parse(true, '--time', '23', '-d', '2'), {timeOfDay: 82_800, days: 2});
	t.like(parse(true), {timeOfDay: undefined, days: undefined});
});

for (const words of [
	['--days', '-1'],
	['--days', '1.5'],
	['--days', 'x'],
	['--time', '25:00'],
	['--time', '1:60'],
	['--server', 'zeo'],
	['--server', 'zeo:port'],
	['--server', 'zeo:99999'],
	['-h', 'zeo'],
	['--frobnicate'],
]) {
	test(`"${words.join(' ')}" is refused in one line`, t => {
		const error = t.throws(() => parse(true, ...words), {code: 'USAGE'});
		t.regex(error?.message ?? '', /^cannot pack: [^\n]{1,120}$/);
	});
}
