import {readFileSync, writeFileSync} from 'node:fs';
import {connect} from 'node:net';
import path from 'node:path';
import {text} from 'node:stream/consumers';
import {answers, type Guarded, guard, isUp, makeInstance} from '../helpers/guarded.js';
import {waitFor} from '../helpers/wait-for.js';

/** Gives an instance a server conf of its own, which only the server reads. */
const splitConf = (conf: string): string => {
	const text = readFileSync(conf, 'utf8');
	const own = `${conf}.server`;
	const end = text.indexOf('</runner>') + '</runner>\n'.length;
	writeFileSync(own, text.slice(end));
	writeFileSync(conf, text.slice(0, end).replace(`-C ${conf}`, `-C ${own}`));
	return own;
};

/** What zdaemon's client would be told. */
const askOldWay = async ({conf}: Guarded, request: string): Promise<string> => {
	const socket = connect(conf.replace(/\.conf$/, '.sock'));
	socket.write(`${request}\n`);
	return text(socket);
};

const replaceIn = (file: string, from: string, to: string): void =>
	writeFileSync(file, readFileSync(file, 'utf8').replace(from, to));

guard(
	'promise 1: a server whose conf names another database since it was loaded is restarted under the lock of that one',
	async (t, python, folder) => {
		const one = await makeInstance(t, python, {folder, data: 'first.fs'});
		const server = splitConf(one.conf);
		const before = await one.start();
		replaceIn(server, 'first.fs', 'second.fs');
		const restarted = await one.run('restart');
		t.is(restarted.exitCode, 0, restarted.stderr);
		const pid = await one.pid();
		t.not(pid, before);
		t.true(await answers(one));

		const second = await makeInstance(t, python, {folder, name: 'second', data: 'second.fs'});
		const refused = await second.run('start');
		t.is(refused.exitCode, 1);
		t.regex(refused.stderr, new RegExp(`in use by process ${pid} `));
		const first = await makeInstance(t, python, {folder, name: 'first', data: 'first.fs'});
		await first.start();
		t.true(await answers(first));

		// Adopted, it still is the one that has the second file.
		process.kill(await one.supervisor(), 'SIGKILL');
		t.is(await one.start(), pid);
		t.is((await second.run('start')).exitCode, 1);
	},
);

guard(
	'promise 1: a server whose conf names the database of another since it was loaded is refused',
	async (t, python, folder) => {
		const other = await makeInstance(t, python, {folder, name: 'other', data: 'other.fs'});
		const holder = await other.start();
		const one = await makeInstance(t, python, {folder});
		const server = splitConf(one.conf);
		const before = await one.start();
		replaceIn(server, path.join(folder, 'Data.fs'), path.join(folder, 'other.fs'));
		const restarted = await one.run('restart');
		t.is(restarted.exitCode, 1);
		t.regex(restarted.stderr, new RegExp(`in use by process ${holder} `));
		t.false(isUp(before));
		t.true(await answers(other));
	},
);

guard(
	'a server whose conf has been broken since it was loaded is started again when the conf is right',
	async (t, python, folder) => {
		const one = await makeInstance(t, python, {folder, runner: 'forever true'});
		const server = splitConf(one.conf);
		const before = await one.start();
		replaceIn(server, '</filestorage>', '</filestor>');
		process.kill(before, 'SIGKILL');
		const broken = await waitFor('the pause', async () => {
			const status = await one.document();
			const isBroken = JSON.stringify(status['lastExit']).includes('cannot be used');
			return status['state'] === 'backoff' && isBroken ? status : undefined;
		});
		t.regex(
			JSON.stringify(broken['lastExit']),
			/has changed since it was loaded, and cannot be used/,
		);
		replaceIn(server, '</filestor>', '</filestorage>');
		await waitFor('the server', () => answers(one));
	},
);

guard(
	'a server whose conf has been broken is not stopped by a restart, which says where the mistake is',
	async (t, python, folder) => {
		const one = await makeInstance(t, python, {folder});
		const server = splitConf(one.conf);
		const before = await one.start();
		replaceIn(server, 'path ', 'paht ');
		const refused = await one.run('restart');
		t.is(refused.exitCode, 1);
		t.is(refused.stdout, '');
		const place = refused.stderr.match(/cannot be used: (.+?):(\d+): /);
		t.is(place?.[1], server);
		t.regex(readFileSync(server, 'utf8').split('\n')[Number(place?.[2]) - 1] ?? '', /paht/);
		t.regex(refused.stderr, /; it has not been stopped\nnext: zeoctl -C .+ check\n$/);
		t.is(await one.pid(), before);
		t.true(await answers(one));

		replaceIn(server, 'paht ', 'path ');
		const restarted = await one.run('restart');
		t.is(restarted.exitCode, 0, restarted.stderr);
		t.not(await one.pid(), before);

		replaceIn(server, 'path ', 'paht ');
		t.is(await askOldWay(one, 'restart'), 'Sent SIGTERM; will restart later\n');
	},
);
