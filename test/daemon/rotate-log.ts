import fs from 'node:fs';
import path from 'node:path';
import test from 'ava';
import {openLogFile} from '../../src/daemon/log-file.js';
import {askPython} from '../helpers/ask-python.js';
import {logFile, openedLog} from '../helpers/event-log.js';
import {asOrdinaryUser} from '../helpers/ordinary-user.js';
import {type SeededRandom, seededRandom} from '../helpers/seeded-random.js';
import {temporaryFolder} from '../helpers/temporary-folder.js';

/** The files of a folder with their contents. */
const contents = (folder: string): Record<string, string> =>
	Object.fromEntries(
		fs
			.readdirSync(folder)
			.sort()
			.map(name => [name, fs.readFileSync(path.join(folder, name), 'utf8')]),
	);

/** Records shorter than the limit (Python 3.11 rotates an empty file before a longer one), null is a reopen. */
const randomSteps = (random: SeededRandom): (string | null)[] =>
	Array.from({length: 40}, (_, index) =>
		random.below(12) === 0
			? null
			: `${index} ${random.pick(['x', 'é', '𝄞']).repeat(random.below(30))}`,
	);

for (let seed = 0; seed < 12; seed++) {
	test(`rotation by size leaves the files that Python leaves, sequence ${seed}`, async t => {
		const random = seededRandom(seed);
		const theirs = temporaryFolder(t);
		const ours = temporaryFolder(t);
		const question = {
			folder: theirs,
			maxSize: 130 + random.below(200),
			oldFiles: 1 + random.below(4),
			delay: seed % 3 === 0,
			steps: randomSteps(random),
		};
		for (const folder of [theirs, ours]) fs.writeFileSync(path.join(folder, 'event.log'), 'old\n');
		if (askPython(t, {script: 'rotate_by_size.py', input: question}) === undefined) return;
		const handler = logFile(path.join(ours, 'event.log'), {...question, format: '%(message)s'});
		const log = await openedLog(t, {level: 0, handlers: [handler]});
		for (const step of question.steps) {
			if (step === null) t.deepEqual(log.reopen(), []);
			else log.info(step);
		}
		t.deepEqual(contents(ours), contents(theirs));
	});
}

test('an empty file is not rotated for a record that is longer than the limit', async t => {
	const folder = temporaryFolder(t);
	const handler = logFile(path.join(folder, 'event.log'), {maxSize: 10, oldFiles: 2});
	const log = await openedLog(t, {level: 0, handlers: [handler]});
	log.info('longer than ten');
	log.info('again longer');
	t.deepEqual(contents(folder), {
		'event.log': 'INFO again longer\n',
		'event.log.1': 'INFO longer than ten\n',
	});
});

test('a device is written to, never rotated', async t => {
	const log = await openedLog(t, {
		level: 0,
		handlers: [logFile('/dev/null', {maxSize: 1, oldFiles: 1})],
	});
	log.info('x');
	t.true(fs.statSync('/dev/null').isCharacterDevice());
});

test('where a rotation fails, records go on in the same file, and every old file stays', async t => {
	const folder = temporaryFolder(t);
	const file = path.join(folder, 'event.log');
	fs.mkdirSync(`${file}.1`);
	fs.writeFileSync(`${file}.1/occupied`, '');
	fs.mkdirSync(`${file}.2`);
	fs.writeFileSync(`${file}.2/occupied`, '');
	const log = await openedLog(t, {level: 0, handlers: [logFile(file, {maxSize: 20, oldFiles: 2})]});
	for (let index = 0; index < 10; index++) log.info(`record ${index}`);
	t.is(fs.readFileSync(file, 'utf8').split('\n').length, 11);
	t.deepEqual(fs.readdirSync(folder).sort(), ['event.log', 'event.log.1', 'event.log.2']);
	t.is(log.reopen().length, 1);
	t.regex(log.reopen()[0] ?? '', /^cannot reopen the event log '.*\/event\.log': /);
});

test('in a folder that may not be changed, records go on in the same file', t => {
	const folder = temporaryFolder(t);
	const file = path.join(folder, 'event.log');
	fs.writeFileSync(file, '');
	fs.chmodSync(file, 0o666);
	fs.chmodSync(folder, 0o555);
	const record = {name: 'root', levelno: 20, message: '', created: 0, startedAt: 0, pid: 1};
	asOrdinaryUser(() => {
		const target = openLogFile(logFile(file, {maxSize: 10, oldFiles: 2}), Date.now);
		for (const text of ['one', 'two', 'three', 'four', 'five']) target.write(text, record);
		t.throws(() => target.reopen?.(), {
			message: `cannot reopen the event log '${file}': permission denied`,
		});
		target.write('six', record);
		target.close?.();
	});
	fs.chmodSync(folder, 0o755);
	t.deepEqual(contents(folder), {'event.log': 'one\ntwo\nthree\nfour\nfive\nsix\n'});
});

test('rotation by time names the old file after the period that ended and keeps so many', async t => {
	const folder = temporaryFolder(t);
	const handler = logFile(path.join(folder, 'event.log'), {when: 's', interval: 60, oldFiles: 2});
	const clock = {now: Date.now()};
	const log = await openedLog(t, {level: 0, handlers: [handler]}, clock);
	for (let index = 0; index < 5; index++) {
		log.info(`record ${index}`);
		clock.now += 61_000;
	}
	const files = contents(folder);
	t.deepEqual(Object.values(files), ['INFO record 4\n', 'INFO record 2\n', 'INFO record 3\n']);
	t.true(
		Object.keys(files)
			.slice(1)
			.every(name => /^event\.log\.\d{4}-\d\d-\d\d_\d\d-\d\d-\d\d$/.test(name)),
	);
});

test('a log of an earlier day is rotated by the first record', async t => {
	const folder = temporaryFolder(t);
	const file = path.join(folder, 'event.log');
	fs.writeFileSync(file, 'yesterday\n');
	const yesterday = new Date(2026, 10, 22, 12);
	fs.utimesSync(file, yesterday, yesterday);
	const clock = {now: new Date(2026, 10, 23, 9).getTime()};
	const handler = logFile(file, {when: 'midnight', oldFiles: 3});
	const log = await openedLog(t, {level: 0, handlers: [handler]}, clock);
	log.info('today');
	t.deepEqual(contents(folder), {
		'event.log': 'INFO today\n',
		'event.log.2026-11-22': 'yesterday\n',
	});
});

test('reopening twice within one period loses nothing, and foreign files stay', async t => {
	const folder = temporaryFolder(t);
	const file = path.join(folder, 'event.log');
	fs.writeFileSync(`${file}2.2020-01-01`, 'of another log\n');
	fs.writeFileSync(`${file}.2020-01-01`, 'oldest\n');
	const clock = {now: new Date(2026, 10, 23, 9).getTime()};
	const log = await openedLog(
		t,
		{level: 0, handlers: [logFile(file, {when: 'D', oldFiles: 3})]},
		clock,
	);
	for (const text of ['one', 'two', 'three']) {
		log.info(text);
		t.deepEqual(log.reopen(), []);
	}
	t.deepEqual(
		Object.values(contents(folder)).sort(),
		['', 'INFO one\n', 'INFO two\n', 'INFO three\n', 'of another log\n'].sort(),
	);
});
