import {
	mkdirSync,
	readdirSync,
	readFileSync,
	renameSync,
	statSync,
	utimesSync,
	writeFileSync,
} from 'node:fs';
import path from 'node:path';
import test from 'ava';
import {hashOf} from '../../src/mail/entry-name.js';
import {type Entry, openSpool} from '../../src/mail/spool.js';
import {thisMorning} from '../helpers/histories.js';
import {messageOf} from '../helpers/messages.js';
import {temporaryFolder} from '../helpers/temporary-folder.js';

const only = (entries: readonly Entry[]): Entry => {
	const [entry, ...more] = entries;
	if (entry === undefined || more.length > 0) throw new Error(`${entries.length} entries`);
	return entry;
};

test('a message is one file for its owner only, and comes back as it was', t => {
	const folder = temporaryFolder(t);
	const spool = openSpool(folder);
	const message = messageOf('m1', {subject: 'größe\u0000', isBad: true});
	t.deepEqual(spool.put(message), []);
	const entry = only(spool.list());
	t.like(entry, {at: thisMorning, isBad: true, attempts: 0, due: thisMorning, place: 'waiting'});
	t.deepEqual(spool.read(entry), message);
	t.is(statSync(entry.file).mode & 0o777, 0o600);
	t.is(statSync(path.dirname(entry.file)).mode & 0o777, 0o700);
	t.is(statSync(entry.file).size, entry.bytes);
});

test('nothing is there before the first message', t => {
	t.deepEqual(openSpool(path.join(temporaryFolder(t), 'not-yet')).list(), []);
});

test('the same message again is one message, wherever it is by now', t => {
	const spool = openSpool(temporaryFolder(t));
	spool.put(messageOf('m1'));
	spool.put(messageOf('m1', {subject: 'later'}));
	const claimed = spool.claim(only(spool.list()));
	spool.put(messageOf('m1'));
	t.is(spool.list().length, 1);
	if (claimed) spool.giveUp(claimed, 'enough');
	spool.put(messageOf('m1'));
	t.is(only(spool.list()).place, 'given-up');
});

test('who claims a message has it alone', t => {
	const folder = temporaryFolder(t);
	const [one, other] = [openSpool(folder), openSpool(folder)];
	one.put(messageOf('m1'));
	const seen = only(other.list());
	const claimed = one.claim(only(one.list()));
	t.like(claimed, {attempts: 1, place: 'sending'});
	t.is(other.claim(seen), undefined);
	t.is(only(other.list()).place, 'sending');
});

test('what a dead process was sending waits again, with its attempts', t => {
	const folder = temporaryFolder(t);
	const spool = openSpool(folder);
	spool.put(messageOf('m1'));
	const claimed = spool.claim(only(spool.list()));
	const file = claimed?.file ?? '';
	renameSync(file, file.replace(/~\d+-/, '~999999999-'));
	t.like(only(spool.list()), {place: 'waiting', attempts: 1});
});

test('so does what was being sent before the machine was booted', t => {
	const folder = temporaryFolder(t);
	const spool = openSpool(folder);
	spool.put(messageOf('m1'));
	const file = spool.claim(only(spool.list()))?.file ?? '';
	renameSync(file, file.replace(/[^-]*$/, 'another'));
	t.is(only(spool.list()).place, 'waiting');
});

test('an attempt that failed is in the name of the file, and its reason beside it', t => {
	const spool = openSpool(temporaryFolder(t));
	spool.put(messageOf('m1'));
	const claimed = spool.claim(only(spool.list()));
	if (claimed) spool.postpone(claimed, thisMorning + 300, 'nobody there');
	const entry = only(spool.list());
	t.like(entry, {
		attempts: 1,
		due: thisMorning + 300,
		place: 'waiting',
		hash: hashOf('m1@db1.example.org'),
	});
	t.is(spool.reasonOf(entry), 'nobody there');
	t.deepEqual(spool.read(entry), messageOf('m1'));
	spool.remove(entry);
	t.deepEqual(spool.list(), []);
	t.is(spool.reasonOf(entry), undefined);
});

test('a message that is given up is kept', t => {
	const spool = openSpool(temporaryFolder(t));
	spool.put(messageOf('m1'));
	const claimed = spool.claim(only(spool.list()));
	if (claimed) spool.giveUp(claimed, 'enough');
	const entry = only(spool.list());
	t.is(entry.place, 'given-up');
	t.deepEqual(spool.read(entry), messageOf('m1'));
});

test('beyond its limits the outbox drops what matters least, and says what', t => {
	const spool = openSpool(temporaryFolder(t), {messages: 3, bytes: 1e6});
	spool.put(messageOf('good-1', {at: thisMorning + 1}));
	spool.put(messageOf('bad', {at: thisMorning, isBad: true}));
	spool.put(messageOf('good-2', {at: thisMorning + 2}));
	const dropped = spool.put(messageOf('good-3', {at: thisMorning + 3}));
	t.deepEqual(
		dropped.map(({id}) => id),
		['good-1@db1.example.org'],
	);
	t.is(spool.list().length, 3);
});

test('a thousand messages fit, and one more makes room', t => {
	const folder = temporaryFolder(t);
	const spool = openSpool(folder);
	spool.put(messageOf('first'));
	const {file} = only(spool.list());
	const content = readFileSync(file);
	for (let index = 0; index < 999; index++) {
		const name = path.basename(file).replace(/[0-9a-f]{16}/, String(index).padStart(16, '0'));
		writeFileSync(path.join(path.dirname(file), name), content);
	}
	t.is(spool.list().length, 1000);
	t.is(spool.put(messageOf('one more')).length, 1);
	t.is(spool.list().length, 1000);
});

test('files that are no messages are left alone, those of a torn write are removed', t => {
	const folder = temporaryFolder(t);
	const spool = openSpool(folder);
	const outbox = path.join(folder, 'outbox');
	mkdirSync(outbox);
	for (const name of ['README', 'old.json.77.new', 'young.json.78.new'])
		writeFileSync(path.join(outbox, name), 'x');
	utimesSync(path.join(outbox, 'old.json.77.new'), 1, 1);
	spool.put(messageOf('m1'));
	t.is(spool.list().length, 1);
	const names = readdirSync(outbox);
	t.deepEqual(
		['README', 'old.json.77.new', 'young.json.78.new'].map(name => names.includes(name)),
		[true, false, true],
	);
});

test('an outbox that cannot be made is an error, and leaves nothing behind', t => {
	const folder = temporaryFolder(t);
	writeFileSync(path.join(folder, 'outbox'), 'in the way');
	t.throws(() => openSpool(folder).put(messageOf('m1')), {message: /EEXIST|ENOTDIR/});
	t.is(readFileSync(path.join(folder, 'outbox'), 'utf8'), 'in the way');
});
