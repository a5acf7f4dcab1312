import {existsSync} from 'node:fs';
import test from 'ava';
import {planServiceFiles} from '../../src/generate/plan.js';
import {verifyFiles} from '../../src/generate/verify.js';
import {skip} from '../helpers/python.js';
import {hostileNames, serviceFacts, templates, weeklyPack} from '../helpers/service-facts.js';

const plan = (...changes: Parameters<typeof serviceFacts>) =>
	planServiceFiles(serviceFacts(...changes), templates);
const find = (files: ReturnType<typeof plan>, path: string): string =>
	files.find(file => file.path === path)?.content ?? '';

test('an instance that packs and sends mail gets all files', t => {
	for (const {path, content} of plan()) t.snapshot(content, path);
});

test('without packs and mail the service is all', t => {
	const files = plan({packs: [], mailTo: undefined, logs: []});
	t.deepEqual(
		files.map(({path}) => path),
		[
			...['systemd/zeo-app.service', 'sysusers.d/zeo-app.conf', 'tmpfiles.d/zeo-app.conf'],
			'init.d/zeo-app',
		],
	);
});

test('the programs that read the files find nothing to say', async t => {
	t.timeout(120_000);
	t.deepEqual(await verifyFiles(plan(), process.env, {isStrict: true}), []);
	t.deepEqual(await verifyFiles(plan({hasSendmail: true}), process.env, {isStrict: true}), []);
});

test('a sandbox with holes is an objection where all must be tight', async t => {
	t.timeout(120_000);
	if (!existsSync('/usr/bin/systemd-analyze')) return skip(t, 'systemd-analyze is not installed');
	const files = plan({packs: [], mailTo: undefined, logs: []}).map(file => ({
		...file,
		content: file.content.replace(/^Protect(?!System|Home).*\n/gm, ''),
	}));
	t.deepEqual(await verifyFiles(files, process.env), []);
	const [objection] = await verifyFiles(files, process.env, {isStrict: true});
	t.regex(objection ?? '', /zeo-app\.service is exposed by [\d.]+, more than 1\.5/);
});

test('a line that cron cannot read is an objection', async t => {
	if (!existsSync('/usr/bin/crontab')) return skip(t, 'cron is not installed');
	const files = plan().map(file => ({
		...file,
		content: file.kind === 'cron' ? file.content.replace(/^\d+ \d+ /m, '61 3 ') : file.content,
	}));
	t.deepEqual(
		(await verifyFiles(files, process.env)).map(line => line.replace(/:\d+:/, ':N:')),
		['crontab: "cron.d/pack-zeo-app":N: bad minute'],
	);
});

test('what sends mail by a program of the machine keeps the rights of that', t => {
	const sandbox = (hasSendmail: boolean, file: string): boolean =>
		/^NoNewPrivileges=yes$/m.test(find(plan({hasSendmail}), `systemd/${file}-zeo-app.service`));
	for (const file of ['pack', 'mail']) {
		t.true(sandbox(false, file));
		t.false(sandbox(true, file));
	}
});

test('nothing that a path holds makes them say something', async t => {
	t.timeout(120_000);
	const names = hostileNames(12, 3).filter(name => !/[{}]/.test(name));
	const objections = await Promise.all(
		names.map((name, index) => {
			const folder = `/srv/${name}`;
			const changes = {
				...{
					name: `n${index}`,
					conf: `${folder}/x.conf`,
					directory: folder,
					logs: [`${folder}/log`],
				},
				...{writable: [folder], stateDirectory: `/var/lib/${name}`},
			};
			return verifyFiles(plan(changes), process.env);
		}),
	);
	t.deepEqual(objections.flat(), []);
});

const hidden = test.macro((t, path: string, setting: RegExp) => {
	const message = setting;
	t.throws(() => plan({conf: `${path}/x.conf`}), {message});
	t.throws(() => plan({writable: ['/srv/app', path]}), {message});
	t.throws(() => plan({directory: path}), {message});
});

test('what is below /home is refused for units', hidden, '/home/me/app', /ProtectHome/);
test('what is below /root is refused for units', hidden, '/root/app', /ProtectHome/);
test('what is below /tmp is refused for units', hidden, '/tmp/app', /PrivateTmp/);

test('other kinds of files may be below /home', t => {
	const facts = serviceFacts({conf: '/home/me/x.conf'});
	t.is(planServiceFiles(facts, templates, ['initd', 'cron', 'logrotate']).length, 3);
});

test('a server has time to end in order when its supervisor hangs', t => {
	const lines = (stopTimeout: number) =>
		find(plan({stopTimeout}), 'systemd/zeo-app.service').match(/^Timeout(?:Stop|Abort)Sec=.*$/gm);
	t.deepEqual(lines(300), ['TimeoutStopSec=330']);
	t.deepEqual(lines(0), ['TimeoutStopSec=1830']);
});

test('only an address of its own makes a service wait for the network', t => {
	const waits = (needsAddress: boolean): boolean =>
		find(plan({needsAddress}), 'systemd/zeo-app.service').includes('network-online.target');
	t.true(waits(true));
	t.false(waits(false));
});

test('cron asks often where the schedule is in a time zone of its own', t => {
	const zoned = plan({packs: [{...weeklyPack, timeZone: 'Asia/Tokyo'}]});
	t.regex(find(zoned, 'cron.d/pack-zeo-app'), /^\*\/15 \* \* \* \* daemon /m);
	t.regex(find(plan(), 'cron.d/pack-zeo-app'), /^17 3 \* \* 0 daemon /m);
});

test('cron mails to root where it would refuse an address', t => {
	const mailTo = ['"a b"@example.org'];
	t.regex(find(plan({mailTo}), 'cron.d/pack-zeo-app'), /^MAILTO=root$/m);
});
