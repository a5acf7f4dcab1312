import {spawn} from 'node:child_process';
import {once} from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import test from 'ava';
import {exchangeFile} from '../../src/transcript/exchange-file.js';
import {mountImage} from '../helpers/image.js';
import {openFolder} from '../helpers/transcript.js';

const read = (file: string): string => fs.readFileSync(file, 'utf8');

test('a log becomes the newest of its old files, and an empty file of its mode takes its place', async t => {
	const {folder, log} = openFolder(t);
	for (const text of ['one', 'two', 'three']) {
		fs.writeFileSync(log, text);
		fs.chmodSync(log, 0o600);
		await exchangeFile(log, 2);
		t.is(fs.statSync(log).size, 0);
		t.is(fs.statSync(log).mode & 0o777, 0o600);
	}
	t.deepEqual(fs.readdirSync(folder).sort(), ['out.log', 'out.log.1', 'out.log.2', 'state']);
	t.is(read(`${log}.1`), 'three');
	t.is(read(`${log}.2`), 'two');
});

test('where nothing old is kept, the log is replaced', async t => {
	const {folder, log} = openFolder(t);
	fs.writeFileSync(log, 'old');
	await exchangeFile(log, 0);
	t.is(read(log), '');
	t.deepEqual(fs.readdirSync(folder).sort(), ['out.log', 'state']);
});

test('a log that is rotated is found under its name at any moment', async t => {
	const {log} = openFolder(t);
	fs.writeFileSync(log, '');
	const look = `const fs = require('fs'); let missing = 0, looks = 0; process.stdout.write('looks\\n');
		process.stdin.on('data', () => { console.log(missing, looks); process.exit(); });
		const go = () => { for (let i = 0; i < 100; i += 1, looks += 1) if (!fs.existsSync(${JSON.stringify(log)})) missing += 1; setImmediate(go); };
		go();`;
	const looker = spawn(process.execPath, ['-e', look], {stdio: ['pipe', 'pipe', 'inherit']});
	t.teardown(() => looker.kill());
	await once(looker.stdout, 'data');
	for (let round = 0; round < 300; round += 1) await exchangeFile(log, 3);
	looker.stdin.write('enough');
	const [answer] = await once(looker.stdout, 'data');
	const [missing, looks] = String(answer).split(' ').map(Number);
	t.is(missing, 0);
	t.true((looks ?? 0) > 0);
});

test('a log that somebody else renames at that moment is there once, whoever was first', async t => {
	const {folder, log} = openFolder(t);
	const rounds = 300;
	for (let round = 0; round < rounds; round += 1) {
		fs.writeFileSync(log, `${round}\n`);
		const exchanged = exchangeFile(log, 1000);
		await sleep(Math.random() * 0.5);
		fs.renameSync(log, `${log}-moved-${round}`);
		await exchanged;
	}
	const texts = fs
		.readdirSync(folder)
		.filter(name => name.startsWith('out.log'))
		.map(name => read(path.join(folder, name)))
		.filter(text => text !== '');
	t.deepEqual(
		texts.map(Number).sort((one, other) => one - other),
		Array.from({length: rounds}, (_, round) => round),
	);
});

test('a kill between the two names doubles nothing, and what it left is put right', async t => {
	const {folder, log} = openFolder(t);
	fs.writeFileSync(log, 'present');
	fs.writeFileSync(`${log}.2`, 'old');
	fs.linkSync(log, `${log}.1`);
	fs.writeFileSync(path.join(folder, '.out.log.zeoctl-next'), '');
	await exchangeFile(log, 5);
	t.deepEqual(fs.readdirSync(folder).sort(), ['out.log', 'out.log.1', 'out.log.2', 'state']);
	t.is(read(log), '');
	t.is(read(`${log}.1`), 'present');
	t.is(read(`${log}.2`), 'old');
});

test('a log that cannot have another name is renamed', async t => {
	const image = mountImage(t, 'ext4');
	if (image === undefined) return;
	const log = path.join(image.folder, 'out.log');
	const names = path.join(image.folder, 'names');
	fs.mkdirSync(names);
	fs.writeFileSync(log, 'old');
	const linkAll = () => {
		for (let number = 0; ; number += 1) fs.linkSync(log, path.join(names, String(number)));
	};
	t.throws(linkAll, {code: 'EMLINK'});
	await exchangeFile(log, 2);
	t.is(read(log), '');
	t.is(read(`${log}.1`), 'old');
});

test('a folder that takes no new file leaves the log as it is', async t => {
	const {folder, log} = openFolder(t);
	fs.writeFileSync(log, 'old');
	fs.mkdirSync(path.join(folder, '.out.log.zeoctl-next'));
	await t.throwsAsync(exchangeFile(log, 2));
	t.is(read(log), 'old');
	t.false(fs.existsSync(`${log}.1`));
});
