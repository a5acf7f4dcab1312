import type {ExecutionContext} from 'ava';
import type {HistoryRecord} from '../../src/history/history.js';
import type {PackBeginRecord, PackRecord} from '../../src/history/pack-record.js';
import {
	type BoxedService,
	boxedService,
	boxFixtures,
	boxPython,
	pythonFolder,
} from '../helpers/boxed-service.js';
import {type Box, useSystemdBox} from '../helpers/systemd-box.js';
import {waitFor} from '../helpers/wait-for.js';

const testInBox = useSystemdBox([pythonFolder]);

const packs = (schedule: string): string =>
	`<pack>\n  schedule ${schedule}\n  jitter 0\n  days 1\n  margin 0%\n</pack>`;

const records = async ({zeoctl}: BoxedService): Promise<readonly HistoryRecord[]> =>
	JSON.parse((await zeoctl('history', '-n', '1000', '--json')).stdout).history;

const begins = async (service: BoxedService): Promise<readonly PackBeginRecord[]> =>
	(await records(service)).filter(record => record.event === 'pack-begin');

/** Each slot of the schedule that was packed, and nothing but those. */
const slots = async (service: BoxedService): Promise<readonly (number | null)[]> =>
	(await begins(service)).map(({slot}) => slot);

const packed = (service: BoxedService): Promise<PackRecord> =>
	waitFor(
		'a pack',
		async () =>
			(await records(service)).find((record): record is PackRecord => record.event === 'pack'),
		180_000,
	);

const isOver = (service: BoxedService): Promise<boolean> =>
	waitFor('the end of all runs', async () => {
		const all = await records(service);
		const ends = all.filter(({event}) => event === 'pack-end').length;
		return ends === (await begins(service)).length;
	});

/** A database of which a pack can drop a half. */
const makeGarbage = async (box: Box, {folder}: BoxedService): Promise<void> => {
	const words = ['--path', `${folder}/Data.fs`, '--megabytes', '2', '--age-days', '30'];
	await box.run([boxPython, `${boxFixtures}/make_filestorage.py`, ...words]);
	await box.run(['chown', '-R', 'zodb:', folder]);
};

const eachOnce = async (t: ExecutionContext, service: BoxedService): Promise<void> => {
	const all = await slots(service);
	t.false(all.includes(null));
	t.is(new Set(all).size, all.length, JSON.stringify(all));
};

testInBox(
	'a timer makes up for a time at which the machine was off, and its report is sent',
	async (t, box) => {
		t.timeout(400_000);
		const mail =
			'<mail>\n  to ops@example.org\n  from zeo@example.org\n  server localhost\n  port 2525\n  security none\n</mail>';
		const sections = `${packs('0 * * * *')}\n${mail}`;
		const service = await boxedService(t, box, {port: 8501, sections});
		if (service === undefined) return;
		await makeGarbage(box, service);
		const timer = 'pack-zeo-test-8501.timer';
		await box.run(['systemctl', 'enable', '--now', timer]);
		await box.run(['systemctl', 'enable', '--now', service.unit]);
		await service.settled();
		// The slot of this hour is due, but it is the timer's.
		t.deepEqual(await begins(service), []);
		await box.run(['touch', '-d', '3 hours ago', `/var/lib/systemd/timers/stamp-${timer}`]);

		const taker = `${boxFixtures}/programs/takes-mail.py`;
		await box.write(
			'/etc/systemd/system/post.service',
			`[Service]\nExecStart=${boxPython} ${taker} 2525 /srv/letters\n[Install]\nWantedBy=multi-user.target\n`,
		);
		await box.run(['systemctl', 'enable', 'post.service']);
		await box.reboot();
		await service.settled();
		const {outcome, before, after} = await packed(service);
		t.is(outcome, 'packed');
		t.true((after?.size ?? 0) < (before?.size ?? 0));
		await isOver(service);
		await waitFor('the end of the service', async () =>
			/Finished/.test(await service.journal('-u', 'pack-zeo-test-8501.service')),
		);

		t.regex(
			await box.run(['systemctl', 'cat', 'pack-zeo-test-8501.service']),
			/^NoNewPrivileges=yes$/m,
		);
		await waitFor(
			'a letter',
			async () => (await box.attempt(['test', '-s', '/srv/letters'])).exitCode === 0,
		);
		t.regex(await box.run(['cat', '/srv/letters']), /^To: ops@example\.org\r?$/m);

		const again = (): Promise<unknown> => service.zeoctl('pack', '--scheduled');
		const start = ['systemctl', 'start', 'pack-zeo-test-8501.service'];
		await Promise.all([again(), again(), box.run(start)]);
		await isOver(service);
		await eachOnce(t, service);
	},
);

testInBox('cron packs what its file says, once, and nothing while a timer does', async (t, box) => {
	t.timeout(400_000);
	const folder = '/srv/50% of our "data"';
	const service = await boxedService(t, box, {
		...{port: 8502, folder, isBare: true},
		sections: packs('* * * * *'),
	});
	if (service === undefined) return;
	await makeGarbage(box, service);
	await service.generate('cron', '/etc/cron.d/');
	t.is((await service.zeoctl('start')).exitCode, 0);
	t.deepEqual(await begins(service), []);
	await box.run(['systemctl', 'start', 'cron.service']);
	t.is((await packed(service)).outcome, 'packed');
	await box.run(['systemctl', 'stop', 'cron.service']);
	await isOver(service);
	await eachOnce(t, service);

	const timer = '/etc/systemd/system/pack-zeo-test-8502.timer';
	await box.write(timer, '[Timer]\nOnCalendar=2199-01-01\nUnit=basic.target\n');
	await box.run(['systemctl', 'daemon-reload']);
	await box.run(['systemctl', 'start', 'pack-zeo-test-8502.timer']);
	const before = await slots(service);
	const nextSlot = (before.at(-1) ?? 0) + 60;
	await waitFor('the next slot', () => Date.now() / 1000 > nextSlot);
	const line = `sed -n 's/^.* zodb systemctl/systemctl/p' /etc/cron.d/pack-zeo-test-8502 | sed 's/\\\\%/%/g' | runuser -u zodb -- sh`;
	await box.run(['sh', '-c', line]);
	t.deepEqual(await slots(service), before);
	await box.run(['systemctl', 'stop', 'pack-zeo-test-8502.timer']);
	await box.run(['sh', '-c', line]);
	t.is((await slots(service)).length, before.length + 1);
	await eachOnce(t, service);
	t.is((await service.zeoctl('stop')).exitCode, 0);
});
