import {statSync} from 'node:fs';
import {createServer} from 'node:http';
import test, {type ExecutionContext} from 'ava';
import {simpleParser} from 'mailparser';
import {renderBytes} from '../../src/platform/quantities.js';
import {packedServer} from '../helpers/packed-server.js';
import {obliging, startSink} from '../helpers/smtp-sink.js';

const mailTo = (port: number, ...lines: readonly string[]): string =>
	['<pack>\n</pack>', '<mail>', 'to admin@example.org', 'server localhost']
		.concat([`port ${port}`, 'security none', ...lines, '</mail>\n'])
		.join('\n');

/** A watchdog on the web that keeps what it was told. */
const startWatchdog = async (t: ExecutionContext<unknown>) => {
	const told: string[] = [];
	const server = createServer((request, response) => {
		told.push(request.url ?? '');
		response.end('OK');
	});
	await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
	t.teardown(() => server.close());
	const address = server.address();
	const port = typeof address === 'object' && address ? address.port : 0;
	return {told, url: `http://127.0.0.1:${port}/watched`};
};

test.serial(
	'the mail of a pack says what the files and the server show, and the watchdog knows',
	async t => {
		const sink = await startSink(t, obliging);
		const watchdog = await startWatchdog(t);
		const instance = await packedServer(t, {
			sections: mailTo(sink.port, `ping-url ${watchdog.url}`),
		});
		if (!instance) return;
		const {at} = instance;
		const made = await instance.make('main', '--megabytes', '5', '--garbage-fraction', '0.6');
		await instance.serve();
		const {exitCode} = await instance.pack('--days', '0');
		t.is(exitCode, 0);
		const data = at('main/Data.fs');
		const freed = made.bytes - statSync(data).size;
		t.is(sink.messages.length, 1);
		const mail = await simpleParser(sink.messages[0] ?? '');
		t.regex(mail.subject ?? '', new RegExp(`: packed, ${renderBytes(freed)} freed$`));
		const {objects} = await instance.readAll('main');
		const row = (label: string) =>
			new RegExp(`^${label} .*$`, 'm').exec(mail.text ?? '')?.[0] ?? '';
		t.deepEqual(row('Data').trim().split(/ {2,}/).slice(1), [
			renderBytes(made.bytes),
			renderBytes(statSync(data).size),
			`-${renderBytes(freed)}`,
		]);
		t.is(row('Objects').trim().split(/ {2,}/)[2], objects.toLocaleString('en'));
		t.regex(mail.text ?? '', /^Next run {3}\w{3} \d{4}-/m);
		t.deepEqual(watchdog.told, ['/watched/start', '/watched']);
		const report = await instance.run('report');
		t.true(report.stdout.includes(row('Data')));
	},
);

test.serial('a pack that cannot be made is reported as well', async t => {
	const sink = await startSink(t, obliging);
	const watchdog = await startWatchdog(t);
	const instance = await packedServer(t, {
		sections: mailTo(sink.port, 'when failure', `ping-url ${watchdog.url}`),
	});
	if (!instance) return;
	await instance.make('main', '--megabytes', '1');
	const {exitCode} = await instance.pack();
	t.not(exitCode, 0);
	const mail = await simpleParser(sink.messages[0] ?? '');
	t.regex(mail.subject ?? '', /: pack FAILED/);
	t.deepEqual(watchdog.told, ['/watched/start', '/watched/fail']);
});

test.serial('a dead mail server and a dead watchdog change nothing about a pack', async t => {
	const instance = await packedServer(t, {
		sections: `<mail>\nto admin@example.org\nsendmail /nowhere/sendmail\nping-url http://127.0.0.1:9/s3cret\n</mail>\n`,
	});
	if (!instance) return;
	await instance.make('main', '--megabytes', '1', '--garbage-fraction', '0.6');
	await instance.serve();
	const {exitCode, stdout, stderr} = await instance.run('pack', '--days', '0');
	t.is(exitCode, 0, stderr);
	t.regex(stdout, /packed/);
	t.regex(stderr, /cannot deliver through \/nowhere\/sendmail: there is no such program/);
	t.regex(stderr, /cannot call ping-url/);
	t.false(stderr.includes('s3cret'));
	t.regex((await instance.run('mail', 'queue')).stdout, /: packed, .* freed\n/);
});
