import {readFileSync, statfsSync, truncateSync, writeFileSync} from 'node:fs';
import test, {type ExecutionContext} from 'ava';
import {type ParsedMail, simpleParser} from 'mailparser';
import {openFakeServer} from '../helpers/fake-pack-server.js';
import {fillUp, tinyFileSystem} from '../helpers/full-device.js';
import {gatedServer} from '../helpers/gated-server.js';
import {packedServer, patienceMs} from '../helpers/packed-server.js';
import {obliging, startSink} from '../helpers/smtp-sink.js';
import {waitFor} from '../helpers/wait-for.js';

/** A mail server, and the sections of an instance that sends its reports there. */
const startOffice = async (t: ExecutionContext, more = '') => {
	const sink = await startSink(t, obliging);
	const mail = `<mail>\nto admin@example.org\nserver localhost\nport ${sink.port}\nsecurity none\n</mail>`;
	return {
		sections: `<pack>\n</pack>\n${mail}\n${more}`,
		mails: (): Promise<readonly ParsedMail[]> =>
			Promise.all(sink.messages.map(message => simpleParser(message))),
		isMailed: () => sink.messages.length > 0,
	};
};

const subjects = (mails: readonly ParsedMail[]): string =>
	mails.map(({subject}) => subject?.replace(/^.*?: /, '')).join('\n');

test.serial('promise 11: a job that is told to end leaves a report of what it knows', async t => {
	const office = await startOffice(t);
	const instance = await gatedServer(t, office);
	if (!instance) return;
	const job = await instance.beginPack();
	job.kill('SIGTERM');
	t.is((await job.result).exitCode, 7);
	t.is((await instance.run('mail', 'flush')).exitCode, 0);
	const mails = await office.mails();
	t.is(mails.length, 1, subjects(mails));
	t.regex(mails[0]?.text ?? '', /interrupted by SIGTERM/);
	t.regex(mails[0]?.text ?? '', /the server goes\s+on/);
	instance.letGo();
	await instance.untilPacked();
	t.is((await instance.run('mail', 'flush')).exitCode, 0);
	t.is((await office.mails()).length, 1);
});

test.serial(
	'promise 11: a job that is killed in the middle is reported by whoever comes next',
	async t => {
		const office = await startOffice(t);
		const instance = await gatedServer(t, office);
		if (!instance) return;
		const job = await instance.beginPack();
		job.kill('SIGKILL');
		await job.result;
		t.false(office.isMailed());
		instance.letGo();
		await instance.untilPacked();
		t.is((await instance.run('mail', 'flush', '--due')).exitCode, 0);
		const mails = await office.mails();
		t.is(mails.length, 1, subjects(mails));
		t.regex(mails[0]?.text ?? '', /broken\s+off/);
		await instance.pack('-d0');
		t.is((await office.mails()).length, 2);
		t.regex(subjects(await office.mails()), /\nnothing to drop, 0 bytes freed$/);
	},
);

test.serial(
	'promise 11: a run that finds another one under way is reported, and so is that one',
	async t => {
		const office = await startOffice(t);
		const instance = await gatedServer(t, office);
		if (!instance) return;
		const job = await instance.beginPack();
		t.is((await instance.run('pack', '-d0')).exitCode, 6);
		await waitFor('the first mail', office.isMailed, patienceMs);
		const [skipped] = await office.mails();
		t.regex(skipped?.text ?? '', /another\s+run\s+of\s+packs\s+is\s+under\s+way/);
		instance.letGo();
		t.is((await job.result).exitCode, 0);
		const mails = await office.mails();
		t.is(mails.length, 2, subjects(mails));
		t.regex(subjects(mails), /: ?packed|packed, .* freed/);
	},
);

test.serial('promise 10: without a history nothing is packed, and that is reported', async t => {
	const state = tinyFileSystem(t);
	if (state === undefined) return;
	const office = await startOffice(t, `<zeoctl>\nstate-directory ${state}\n</zeoctl>`);
	const instance = await packedServer(t, {sections: office.sections});
	if (!instance) return;
	const made = await instance.make('main', '--megabytes', '1', '--garbage-fraction', '0.6');
	await instance.serve();
	const giveBack = fillUp(state);
	const {exitCode, storages} = await instance.pack('-d0');
	t.is(exitCode, 1);
	t.regex(storages[0]?.reason ?? '', /^cannot write the history/);
	const mails = await office.mails();
	t.is(mails.length, 1, subjects(mails));
	t.regex(mails[0]?.text ?? '', /cannot\s+write\s+the\s+history/);
	giveBack();
	t.is((await instance.pack('-d0')).storages[0]?.before?.size, made.bytes);
	t.is((await office.mails()).length, 2);
});

test.serial('promise 11: a server that answers nothing is reported', async t => {
	const office = await startOffice(t, '<health>\ntime-limit 1s\n</health>');
	const server = await openFakeServer(t, {health: () => undefined});
	const instance = await packedServer(t, {port: server.port, sections: office.sections});
	if (!instance) return;
	writeFileSync(instance.at('main/Data.fs'), 'FS30');
	truncateSync(instance.at('main/Data.fs'), 100);
	t.is((await instance.run('pack')).exitCode, 1);
	const [mail] = await office.mails();
	t.regex(mail?.subject ?? '', /FAILED/);
	t.regex(mail?.text ?? '', /accepts\s+connections\s+but\s+does\s+not\s+answer/);
});

test.serial(
	'promise 11: a disk that is too small for a pack is reported, with the bytes that are missing',
	async t => {
		const office = await startOffice(t);
		const server = await openFakeServer(t);
		const instance = await packedServer(t, {port: server.port, sections: office.sections});
		if (!instance) return;
		writeFileSync(instance.at('main/Data.fs'), 'FS30');
		const {bavail, bsize} = statfsSync(instance.at('main'));
		truncateSync(instance.at('main/Data.fs'), Math.ceil(bavail * bsize * 1.5));
		t.is((await instance.run('pack')).exitCode, 6);
		const mails = await office.mails();
		t.is(mails.length, 1, subjects(mails));
		t.regex(mails[0]?.subject ?? '', /SKIPPED/i);
		t.regex(mails[0]?.text ?? '', /too\s+small/);
		t.deepEqual(
			server.calls.filter(({method}) => method === 'pack'),
			[],
		);
	},
);

test.serial('promise 11: each run is reported once, also after the clock was set back', async t => {
	const office = await startOffice(t);
	const instance = await packedServer(t, {sections: office.sections});
	if (!instance) return;
	await instance.make('main', '--megabytes', '1', '--garbage-fraction', '0.6');
	await instance.serve();
	t.is((await instance.pack('-d0')).exitCode, 0);
	const history = instance.at('.sock.d/history');
	const isLater = (line: string): string =>
		line.replaceAll(
			/"(at|began)":(\d+)/g,
			(_, key, seconds) => `"${key}":${Number(seconds) + 86_400}`,
		);
	writeFileSync(history, readFileSync(history, 'utf8').split('\n').map(isLater).join('\n'));
	t.is((await instance.pack('-d0')).exitCode, 0);
	t.is((await instance.run('mail', 'flush', '--due')).exitCode, 0);
	const mails = await office.mails();
	t.is(mails.length, 2, subjects(mails));
	t.is(new Set(mails.map(({messageId}) => messageId)).size, 2);
});
