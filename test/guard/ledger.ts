import {chmodSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import test from 'ava';
import {type Ledger, parseLedger, readLedger, writeLedger} from '../../src/guard/ledger.js';
import {asOrdinaryUser} from '../helpers/ordinary-user.js';
import {temporaryFolder} from '../helpers/temporary-folder.js';

const ledger: Ledger = {
	size: 12_345,
	tid: '03ff00aa00bb00cc',
	inode: '18446744073709551615',
	at: 1_795_000_000.25,
	boot: '0b6a…',
	why: 'end',
	dismissed: ['17'],
};

test('what is written is read back, beside the database and with its permissions', t => {
	const folder = temporaryFolder(t);
	const file = path.join(folder, 'Data.fs');
	writeFileSync(file, 'FS30');
	chmodSync(file, 0o750);
	writeLedger(file, ledger);
	t.deepEqual(readLedger(file), {state: 'known', ledger});
	t.is(statSync(`${file}.zeoctl`).mode & 0o777, 0o640);
	t.deepEqual(readdirSync(folder).sort(), ['Data.fs', 'Data.fs.zeoctl']);
});

test('a ledger of a missing database is private', t => {
	const file = path.join(temporaryFolder(t), 'Data.fs');
	writeLedger(file, {...ledger, tid: null, inode: null});
	t.is(statSync(`${file}.zeoctl`).mode & 0o777, 0o600);
});

test('a new ledger replaces the file instead of writing into it', t => {
	const file = path.join(temporaryFolder(t), 'Data.fs');
	writeLedger(file, ledger);
	const before = statSync(`${file}.zeoctl`).ino;
	writeLedger(file, {...ledger, size: 1});
	t.not(statSync(`${file}.zeoctl`).ino, before);
});

test('nothing there is no ledger', t => {
	const folder = temporaryFolder(t);
	t.deepEqual(readLedger(path.join(folder, 'Data.fs')), {state: 'none'});
	writeFileSync(path.join(folder, 'file'), '');
	t.deepEqual(readLedger(path.join(folder, 'file', 'Data.fs')), {state: 'none'});
});

test('what cannot be read is unusable', t => {
	const file = path.join(temporaryFolder(t), 'Data.fs');
	mkdirSync(`${file}.zeoctl`);
	t.deepEqual(readLedger(file), {state: 'unusable', reason: 'EISDIR'});
});

test('every torn ledger is unusable, none is half believed', t => {
	const file = path.join(temporaryFolder(t), 'Data.fs');
	writeLedger(file, ledger);
	const text = readFileSync(`${file}.zeoctl`, 'utf8');
	t.deepEqual(parseLedger(text), ledger);
	// Without its newline it is still whole.
	for (let length = 0; length < text.length - 1; length++) {
		t.is(parseLedger(text.slice(0, length)), undefined, String(length));
	}
});

const foreign = test.macro((t, change: Record<string, unknown>) => {
	t.truthy(parseLedger(JSON.stringify({version: 1, ...ledger})));
	t.is(parseLedger(JSON.stringify({version: 1, ...ledger, ...change})), undefined);
});

test('a ledger of another version is unusable', foreign, {version: 2});
test('a ledger with a wrong size is unusable', foreign, {size: -1});
test('a ledger with a wrong transaction is unusable', foreign, {tid: '12'});
test('a ledger with a wrong inode is unusable', foreign, {inode: 12});
test('a ledger with a wrong time is unusable', foreign, {at: 'now'});
test('a ledger with a wrong boot is unusable', foreign, {boot: null});
test('a ledger with a wrong occasion is unusable', foreign, {why: 'because'});
test('a ledger with wrong dismissals is unusable', foreign, {dismissed: [1]});

test('a ledger that cannot be written fails and leaves nothing behind', t => {
	const folder = temporaryFolder(t);
	const file = path.join(folder, 'Data.fs');
	mkdirSync(`${file}.zeoctl`);
	t.throws(() => writeLedger(file, ledger), {code: 'EISDIR'});
	t.deepEqual(readdirSync(folder), ['Data.fs.zeoctl']);
	chmodSync(folder, 0o555);
	t.throws(() => asOrdinaryUser(() => writeLedger(file, ledger)), {code: 'EACCES'});
	chmodSync(folder, 0o700);
});
