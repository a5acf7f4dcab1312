import {chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {fillUp, tinyFileSystem} from '../helpers/full-device.js';
import {beginOf, runOf} from '../helpers/histories.js';
import {type MailInstance, mailInstance, passwordFile} from '../helpers/mail-instance.js';
import {obliging, startMailServer, startSink} from '../helpers/smtp-sink.js';
import {temporaryFolder} from '../helpers/temporary-folder.js';
import {waitFor} from '../helpers/wait-for.js';

const now = (): number => Date.now() / 1000;

const reportable = (run: string, more: Parameters<typeof runOf>[1] = {}) =>
	runOf(run, {at: now() - 60, ...more});

const securely = async (t: ExecutionContext<unknown>, lines: readonly string[] = []) => {
	const server = await startMailServer(t);
	const secret = passwordFile(temporaryFolder(t), 'secret\n');
	const instance = mailInstance(
		t,
		[
			...['server localhost', `port ${server.port}`, 'from zeo@example.org'],
			...['user user', `password-file ${secret}`, ...lines],
		],
		{authority: server.authority},
	);
	return {...instance, server, secret};
};

const openly = (t: ExecutionContext<unknown>, port: number, lines: readonly string[] = []) =>
	mailInstance(t, ['server localhost', `port ${port}`, 'security none', ...lines]);

const eventsOf = ({history}: MailInstance, event: string) =>
	history().filter(record => record.event === event);

test.serial(
	'a test mail travels encrypted and logged in, and the answer of the server is shown',
	async t => {
		const {mail, server} = await securely(t);
		const {stdout, stderr, exitCode} = await mail('test');
		t.is(exitCode, 0, stderr);
		t.regex(stdout, /^localhost:\d+ took the mail for admin@example\.org: 250 .*taken\n$/);
		t.like(server.received, [{isSecure: true, user: 'user', recipients: ['admin@example.org']}]);
		t.regex(server.received[0]?.subject ?? '', /: a test$/);
	},
);

test.serial('a run without a report gets one, once', async t => {
	const {append, mail, server, queue, history} = await securely(t);
	append(...reportable('r1'));
	const {exitCode, stdout, stderr} = await mail('flush');
	t.is(exitCode, 0, stderr);
	t.is(stdout, 'nothing waits\n');
	t.is((await mail('flush')).exitCode, 0);
	t.is(server.received.length, 1);
	t.regex(server.received[0]?.subject ?? '', /: packed, 2\.0 GB freed$|: packed, 1\.2 GB freed$/);
	t.deepEqual(await queue(), []);
	t.deepEqual(
		history()
			.slice(-2)
			.map(({event}) => event),
		['report', 'mail'],
	);
});

test.serial('promise 11: a run whose process was killed is reported as broken off', async t => {
	const {append, mail, server} = await securely(t);
	append({...beginOf('r1', now() - 60), pid: 999_999_999});
	t.is((await mail('flush')).exitCode, 0);
	t.regex(server.received[0]?.subject ?? '', /pack BROKEN OFF$/);
});

test.serial('with `when failure` only bad outcomes are mailed', async t => {
	const {append, mail, server} = await securely(t, ['when failure']);
	append(...reportable('r1'), ...reportable('r2', {outcome: 'failed', after: null, reason: 'no'}));
	t.is((await mail('flush')).exitCode, 0);
	t.is(server.received.length, 1);
	t.regex(server.received[0]?.subject ?? '', /pack FAILED$/);
});

test.serial(
	'promise 12: a mail that is greylisted is tried again, under the same Message-ID',
	async t => {
		const {append, mail, server, history} = await securely(t);
		append(...reportable('r1'));
		server.refuse('451 try again later');
		const flushing = mail('flush', '--due');
		await waitFor('a refusal', () => server.refused() > 0);
		server.refuse(undefined);
		const {exitCode, stderr} = await flushing;
		t.is(exitCode, 0);
		t.regex(stderr, /451 try again later.*stays in the outbox/);
		const report = history().find(({event}) => event === 'report');
		t.like(report, {run: 'r1', message: server.received[0]?.messageId?.slice(1, -1)});
		t.is(server.received.length, 1);
	},
);

test.serial(
	'promise 12: a mail that is rejected waits, and leaves under the same Message-ID',
	async t => {
		const {append, mail, server, queue} = await securely(t);
		append(...reportable('r1'));
		server.refuse('550 no thanks');
		const {exitCode, stderr} = await mail('flush', '--due');
		t.is(exitCode, 1);
		t.regex(stderr, /550 no thanks/);
		const [waiting] = await queue();
		t.like(waiting, {state: 'waiting', attempts: 1});
		t.regex(waiting?.reason ?? '', /550 no thanks/);
		server.refuse(undefined);
		t.is((await mail('flush')).exitCode, 0);
		t.is(server.received.length, 1);
		t.is(server.received[0]?.messageId, `<${waiting?.message}>`);
		t.deepEqual(await queue(), []);
	},
);

test.serial(
	'a server that hangs up after the final dot gets the mail again, under the same Message-ID',
	async t => {
		let isBroken = true;
		const sink = await startSink(t, (line, socket) => {
			if (line !== 'DOT' || !isBroken) return obliging(line);
			socket.destroy();
			return undefined;
		});
		const instance = openly(t, sink.port);
		instance.append(...reportable('r1'));
		const first = instance.mail('flush');
		await waitFor('a first attempt', () => sink.messages.length > 0);
		isBroken = false;
		t.is((await first).exitCode, 0);
		t.true(sink.messages.length > 1);
		const ids = sink.messages.map(message => /^Message-ID: (.*)$/m.exec(message)?.[1]);
		t.is(new Set(ids).size, 1);
		t.is(eventsOf(instance, 'mail').length, 1);
	},
);

test.serial('promise 12: a delivery that is killed in the middle is made up for', async t => {
	let isStalled = true;
	const sink = await startSink(t, line =>
		isStalled && line === 'DATA' ? undefined : obliging(line),
	);
	const instance = openly(t, sink.port);
	instance.append(...reportable('r1'));
	const flushing = instance.start(['mail', 'flush']);
	await waitFor('the message to be on its way', async () => {
		const [waiting] = await instance.queue();
		return waiting?.state === 'sending';
	});
	flushing.kill('SIGKILL');
	await flushing.result;
	isStalled = false;
	t.is((await instance.mail('flush')).exitCode, 0);
	t.is(sink.messages.length, 1);
	t.is(eventsOf(instance, 'report').length, 1);
});

test.serial(
	'a password file that is missing or open to all keeps the mail, and is named',
	async t => {
		const {append, mail, server, secret, queue} = await securely(t);
		append(...reportable('r1'));
		rmSync(secret);
		const missing = await mail('flush');
		t.is(missing.exitCode, 1);
		t.true(missing.stderr.includes(`cannot use the password in ${secret}: there is no such file`));
		writeFileSync(secret, 'secret', {mode: 0o644});
		chmodSync(secret, 0o644);
		t.regex((await mail('flush')).stderr, /everybody may use the file/);
		const test1 = await mail('test');
		t.is(test1.exitCode, 1);
		t.regex(test1.stderr, /^next: chmod o= /m);
		t.is((await queue()).length, 1);
		chmodSync(secret, 0o600);
		t.is((await mail('flush')).exitCode, 0);
		t.is(server.received.length, 1);
	},
);

test.serial('a certificate that nobody trusts keeps the mail and the password', async t => {
	const server = await startMailServer(t);
	const secret = passwordFile(temporaryFolder(t), 'secret\n');
	const {mail} = mailInstance(t, [
		...['server localhost', `port ${server.port}`, 'user user', `password-file ${secret}`],
	]);
	const {exitCode, stderr} = await mail('test');
	t.is(exitCode, 1);
	t.regex(stderr, /self-signed/);
	t.regex(stderr, /^next: add the server's authority/m);
	t.is(server.received.length, 0);
});

test.serial('a wrong password is not printed', async t => {
	const {mail, secret} = await securely(t);
	writeFileSync(secret, 'hunter2');
	const {exitCode, stderr, stdout} = await mail('test');
	t.is(exitCode, 1);
	t.regex(stderr, /535/);
	t.false((stderr + stdout).includes('hunter2'));
});

test.serial('promise 12: a full disk loses no report: it is sent without the outbox', async t => {
	const state = tinyFileSystem(t);
	if (state === undefined) return;
	const sink = await startSink(t, obliging);
	const instance = mailInstance(t, ['server localhost', `port ${sink.port}`, 'security none'], {
		state,
	});
	instance.append(...reportable('r1'));
	const giveBack = fillUp(state);
	const {stderr} = await instance.mail('flush');
	t.regex(stderr, /cannot put a mail into the outbox: ENOSPC.*sent at once/);
	t.is(sink.messages.length, 1);
	giveBack();
	t.is((await instance.mail('flush')).exitCode, 0);
	const ids = sink.messages.map(message => /^Message-ID: (.*)$/m.exec(message)?.[1]);
	t.is(new Set(ids).size, 1);
});

test.serial('promise 12: a full disk and a dead mail server lose no report either', async t => {
	const state = tinyFileSystem(t);
	if (state === undefined) return;
	let isDead = true;
	const sink = await startSink(t, (line, socket) => {
		if (!isDead) return obliging(line);
		socket.destroy();
		return undefined;
	});
	const instance = mailInstance(t, ['server localhost', `port ${sink.port}`, 'security none'], {
		state,
	});
	instance.append(...reportable('r1'));
	const giveBack = fillUp(state);
	const {exitCode, stderr} = await instance.mail('flush');
	t.is(exitCode, 1);
	t.regex(stderr, /the report is not lost/);
	giveBack();
	isDead = false;
	t.is((await instance.mail('flush')).exitCode, 0);
	t.is(sink.messages.length, 1);
});

test.serial('hostile words of a history reach neither headers nor the terminal', async t => {
	const evil = 'x\r\nBcc: victim@example.org\u001b[2J<script>alert(1)</script>';
	const {append, mail, server, run} = await securely(t);
	append(
		...reportable('r1', {
			storage: evil,
			outcome: 'failed',
			reason: evil,
			advice: evil,
			after: null,
		}),
	);
	t.is((await mail('flush')).exitCode, 0);
	const [received] = server.received;
	t.deepEqual(received?.recipients, ['admin@example.org']);
	t.false(received?.headers.has('bcc'));
	t.false(String(received?.html).includes('<script'));
	const {stdout} = await run(['report']);
	t.false(/\u001b|^Bcc/m.test(stdout));
	t.true(stdout.includes('<script>'));
});

test.serial('the last report is printed, written as a page, or given as JSON', async t => {
	const {append, run, report, at} = openly(t, 25);
	const none = await run(['report']);
	t.is(none.exitCode, 1);
	t.regex(none.stderr, /^Error: cannot report: no pack is in the history\n/);
	append(...reportable('r1'), ...reportable('r2', {outcome: 'nothing-to-drop'}));
	t.regex((await run(['report'])).stdout, /^.*: nothing to drop, 0 bytes freed\n/);
	t.regex((await run(['report', '--html'])).stdout, /^<!doctype html>/);
	t.is((await run(['report', '--html', 'page.html'])).exitCode, 0);
	t.regex(readFileSync(at('page.html'), 'utf8'), /^<!doctype html>/);
	t.like(await report(), {run: 'r2', outcome: 'nothing-to-drop', freed: 0});
	t.is((await run(['report', '--nonsense'])).exitCode, 2);
});

test.serial('a supervisor that gives up leaves somebody behind who tells', async t => {
	const sink = await startSink(t, obliging);
	const instance = mailInstance(t, ['server localhost', `port ${sink.port}`, 'security none'], {
		program: 'sh -c "echo broken; exit 3"',
		runner: 'backoff-limit 2',
	});
	t.is((await instance.run(['start'])).exitCode, 1);
	await waitFor('a mail', () => sink.messages.length > 0);
	t.regex(sink.messages[0] ?? '', /^Subject: .*the server is DOWN, it ended 2 times unasked$/m);
	await waitFor('the end of the delivery', () => eventsOf(instance, 'mail').length > 0);
	await instance.mail('flush');
	t.is(sink.messages.length, 1);
});

test.serial('a server that crashes too often is one mail, while it goes on', async t => {
	const sink = await startSink(t, obliging);
	const instance = mailInstance(
		t,
		['server localhost', `port ${sink.port}`, 'security none', 'crash-limit 2 in 1h'],
		{program: 'sh -c "sleep 2; exit 3"', runner: 'backoff-limit 1\nforever on'},
	);
	t.is((await instance.run(['start'])).exitCode, 0);
	await waitFor('a mail', () => sink.messages.length > 0, 60_000);
	t.regex(sink.messages[0] ?? '', /^Subject: .*the server ended \d+ times unasked$/m);
	const ends = () => eventsOf(instance, 'end').length;
	const before = ends();
	await waitFor('further crashes', () => ends() > before + 1);
	t.is((await instance.run(['stop'])).exitCode, 0);
	t.is(sink.messages.length, 1);
});

test.serial('commands of mail that make no sense are refused', async t => {
	const {mail} = openly(t, 25);
	t.is((await mail('sing')).exitCode, 2);
	t.is((await mail('test', 'x')).exitCode, 2);
	t.is((await mail()).exitCode, 2);
});

test.serial('status tells packs that are overdue and mail that was given up', async t => {
	const instance = mailInstance(t, ['sendmail /nowhere/sendmail'], {
		sections:
			'<zeo>\naddress 127.0.0.1:1\n</zeo>\n<filestorage main>\npath Data.fs\n</filestorage>',
	});
	instance.append({at: 1_700_000_000, event: 'start', pid: 1, supervisor: 1});
	mkdirSync(path.join(instance.state, 'outbox/given-up'), {recursive: true});
	writeFileSync(path.join(instance.state, 'outbox/given-up/one.json'), '{}');
	const {stdout} = await instance.run(['status', '--json']);
	const {alarms}: {alarms: readonly {alarm: string; text: string}[]} = JSON.parse(stdout);
	t.deepEqual(
		alarms.map(({alarm, text}) => `${alarm}: ${text}`),
		[
			'pack-overdue: no pack of storage main has succeeded since 2023-11-14, when the history begins',
			'mail: 1 mail could not be delivered',
		],
	);
});
