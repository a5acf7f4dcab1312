import {execFileSync} from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import test from 'ava';
import {type EventLog, loadEventLog} from '../../src/daemon/event-log.js';
import {logFile, openedLog} from '../helpers/event-log.js';
import {temporaryFolder} from '../helpers/temporary-folder.js';

const sayEverything = (log: EventLog): void => {
	log.debug('one');
	log.info('two');
	log.warning('three');
	log.error('four');
	log.critical('five');
};

test('without an event log, warnings and worse are bare messages on standard error', async t => {
	const log = await openedLog(t, undefined);
	sayEverything(log);
	t.deepEqual(log.printed, {stdout: '', stderr: 'three\nfour\nfive\n'});
	t.deepEqual(log.reopen(), []);
});

test('without an event log the journal gets all but the details, with their levels', async t => {
	const heard: unknown[] = [];
	const log = await loadEventLog({
		settings: undefined,
		stdout: {write: (text, level) => heard.push([text, level])},
		stderr: {write: () => t.fail()},
		isJournal: true,
		...{now: Date.now, pid: 1, timeZone: undefined},
	});
	sayEverything(log);
	t.deepEqual(heard, [
		['two\n', 20],
		['three\n', 30],
		['four\n', 40],
		['five\n', 50],
	]);
});

test('the journal hears the same beside an event log, and once where that is the journal', async t => {
	const heardBy = async (file: string): Promise<readonly string[]> => {
		const heard: string[] = [];
		const log = await loadEventLog({
			settings: {level: 10, handlers: [logFile(file)]},
			stdout: {write: text => heard.push(text)},
			stderr: {write: () => t.fail()},
			isJournal: true,
			...{now: Date.now, pid: 1, timeZone: undefined},
		});
		sayEverything(log);
		log.close();
		return heard;
	};
	const file = path.join(temporaryFolder(t), 'event.log');
	t.deepEqual(await heardBy(file), ['two\n', 'three\n', 'four\n', 'five\n']);
	t.is(fs.readFileSync(file, 'utf8').trimEnd().split('\n').length, 5);
	t.is((await heardBy('STDOUT')).length, 5);
});

test('without handlers all records vanish', async t => {
	const log = await openedLog(t, {level: 1, handlers: []});
	sayEverything(log);
	t.deepEqual(log.printed, {stdout: '', stderr: ''});
});

const loadedPackages = (...settings: readonly string[]): unknown =>
	JSON.parse(
		execFileSync(process.execPath, ['test/fixtures/loaded-packages.mjs', ...settings]).toString(),
	);

test('the logging package is loaded only where a handler is configured', t => {
	t.deepEqual(loadedPackages(), []);
	t.deepEqual(loadedPackages(JSON.stringify({level: 20, handlers: []})), []);
	const configured = loadedPackages(JSON.stringify({level: 20, handlers: [logFile('STDOUT')]}));
	t.true(Array.isArray(configured) && configured.includes('pino'));
});

test('a standard error that cannot be written is no reason to fail', async t => {
	const broken = {
		write: () => {
			throw new Error('broken');
		},
	};
	const log = await loadEventLog({
		settings: undefined,
		stdout: broken,
		stderr: broken,
		now: Date.now,
		pid: 1,
		timeZone: undefined,
	});
	t.notThrows(() => log.warning('lost'));
});

test('records carry the name of their logger', async t => {
	const handlers = [logFile('STDOUT', {format: '%(name)s %(message)s'})];
	for (const name of ['my.log', undefined]) {
		const log = await openedLog(t, {level: 20, handlers, name});
		log.info('one');
		t.is(log.printed.stdout, `${name ?? 'root'} one\n`);
	}
});

test('streams get the records in the format of their handler', async t => {
	const log = await openedLog(t, {
		level: 20,
		handlers: [
			logFile('STDOUT', {format: '%(process)d %(asctime)s %(message)s', dateFormat: '%s'}),
			logFile('STDERR', {level: 40}),
		],
	});
	sayEverything(log);
	t.is(
		log.printed.stdout,
		['two', 'three', 'four', 'five'].map(text => `4711 1795435200 ${text}\n`).join(''),
	);
	t.is(log.printed.stderr, 'ERROR four\nCRITICAL five\n');
});

const reaches = test.macro({
	async exec(t, level: number, expected: string) {
		const handler = logFile('STDOUT', {format: '%(levelno)s'});
		const log = await openedLog(t, {level, handlers: [handler]});
		sayEverything(log);
		const byHandler = await openedLog(t, {level: 0, handlers: [{...handler, level}]});
		sayEverything(byHandler);
		t.is(log.printed.stdout.replaceAll('\n', ' ').trim(), expected);
		t.is(byHandler.printed.stdout, log.printed.stdout);
	},
	title: (_, level, expected) => `level ${level} lets through ${expected}`,
});

test(reaches, 0, '10 20 30 40 50');
test(reaches, 10, '10 20 30 40 50');
test(reaches, 11, '20 30 40 50');
test(reaches, 15, '20 30 40 50');
test(reaches, 30, '30 40 50');
test(reaches, 45, '50');
test(reaches, 50, '50');

test('messages are taken literally', async t => {
	const log = await openedLog(t, {
		level: 0,
		handlers: [logFile('STDOUT', {format: '%(message)s'})],
	});
	log.info('100%s "quoted" {x} $y\nsecond line ☃');
	t.is(log.printed.stdout, '100%s "quoted" {x} $y\nsecond line ☃\n');
});

test('times and milliseconds come from the clock', async t => {
	const log = await openedLog(t, {
		level: 0,
		handlers: [logFile('STDOUT', {format: '%(created).3f %(msecs)03d %(relativeCreated)d'})],
	});
	log.clock.now += 1250;
	log.info('x');
	t.is(log.printed.stdout, '1795435201.250 250 1250\n');
});

test('mail, web and Windows handlers are accepted and send nothing', async t => {
	const {level, format, dateFormat, style, arbitraryFields} = logFile('');
	const common = {level, format, dateFormat, style, arbitraryFields};
	const log = await openedLog(t, {
		level: 0,
		handlers: [
			{type: 'email-notifier', ...common},
			{type: 'http-logger', ...common},
			{type: 'win32-eventlog', ...common},
			logFile('STDOUT'),
		],
	});
	log.error('x');
	t.is(log.printed.stdout, 'ERROR x\n');
	t.deepEqual(log.reopen(), []);
});

test('when one handler cannot be opened, none stays open', async t => {
	const folder = temporaryFolder(t);
	const good = path.join(folder, 'good.log');
	await t.throwsAsync(openedLog(t, {level: 0, handlers: [logFile(good), logFile(folder)]}), {
		code: 'CONFIGURATION',
	});
	t.false(openFiles().includes(good));
});

const openFiles = (): string[] =>
	fs.readdirSync('/proc/self/fd').flatMap(fd => {
		try {
			return [fs.readlinkSync(`/proc/self/fd/${fd}`)];
		} catch {
			// The descriptor of the listing itself.
			return [];
		}
	});
