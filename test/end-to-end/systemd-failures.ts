import {boxedService, boxFixtures, boxPython, pythonFolder} from '../helpers/boxed-service.js';
import {useSystemdBox} from '../helpers/systemd-box.js';
import {waitFor} from '../helpers/wait-for.js';

const testInBox = useSystemdBox([pythonFolder]);

testInBox('a server that is killed is started again by its supervisor', async (t, box) => {
	const service = await boxedService(t, box, {port: 8201});
	if (service === undefined) return;
	await service.start();
	await service.commit('kept');
	const before = await service.settled();
	await box.run(['kill', '-KILL', String(before.server)]);
	const {main} = await service.settled({server: before.server});
	t.is(main, before.main);
	t.is(await service.show('NRestarts'), '0');
	t.is(await service.read(), 'kept');
	// Nor does systemd interfere when it was the kernel, for want of memory.
	t.is(await service.show('OOMPolicy'), 'continue');
});

testInBox(
	'when the supervisor is killed the server ends in order, and both start again',
	async (t, box) => {
		const service = await boxedService(t, box, {port: 8202});
		if (service === undefined) return;
		await service.start();
		await service.commit('kept');
		const before = await service.settled();
		await box.run(['kill', '-KILL', String(before.main)]);
		await service.settled(before);
		t.is(await service.show('NRestarts'), '1');
		const journal = await service.journal();
		t.true(journal.includes(`(${before.server}) terminated by SIGTERM`));
		t.is(journal.match(/Unlinking stale socket/g)?.length, 1);
		await box.run(['test', '-e', `${service.folder}/Data.fs.index`]);
		t.is(await service.read(), 'kept');
	},
);

testInBox('a server that hangs is replaced by its supervisor', async (t, box) => {
	const service = await boxedService(t, box, {
		port: 8203,
		runner: 'stop-timeout 5',
		sections: '<health>\n  interval 1s\n  time-limit 1s\n  failures 2\n</health>',
	});
	if (service === undefined) return;
	await service.start();
	await service.commit('kept');
	const before = await service.settled();
	await box.run(['kill', '-STOP', String(before.server)]);
	const {main} = await service.settled({server: before.server});
	t.is(main, before.main);
	t.is(await service.read(), 'kept');
});

testInBox(
	'a supervisor that hangs is replaced by systemd, and its server ends in order',
	async (t, box) => {
		const service = await boxedService(t, box, {port: 8204, service: 'WatchdogSec=10s'});
		if (service === undefined) return;
		await service.start();
		await service.commit('kept');
		const before = await service.settled();
		await box.run(['kill', '-STOP', String(before.main)]);
		await service.settled(before);
		const journal = await service.journal();
		t.regex(journal, /Watchdog timeout/);
		t.true(journal.includes(`(${before.server}) terminated by SIGTERM`));
		t.is(await service.read(), 'kept');
	},
);

/** Holds a process so that it does nothing any more, also after SIGCONT; only SIGKILL ends it. */
const hold = `
import ctypes, os, sys
libc = ctypes.CDLL(None, use_errno=True)
PTRACE_SEIZE, PTRACE_INTERRUPT = 0x4206, 0x4207
pid = int(sys.argv[1])
for request in (PTRACE_SEIZE, PTRACE_INTERRUPT):
    if libc.ptrace(request, pid, None, None) != 0:
        sys.exit(f"ptrace: {ctypes.get_errno()}")
while True:
    status = os.waitpid(pid, 0)[1]
    if os.WIFSIGNALED(status):
        break
    open("/run/held", "w").close()
`;

testInBox(
	'a supervisor that does not end is killed, after its server has ended in order',
	async (t, box) => {
		const service = await boxedService(t, box, {port: 8209, service: 'TimeoutStopSec=8s'});
		if (service === undefined) return;
		await service.start();
		await service.commit('kept');
		const {main, server} = await service.settled();
		await box.write('/opt/hold.py', hold);
		await box.run(['systemd-run', '--unit=hold', boxPython, '/opt/hold.py', String(main)]);
		await waitFor(
			'a supervisor that is held',
			async () => (await box.attempt(['test', '-e', '/run/held'])).exitCode === 0,
		);
		await box.run(['systemctl', 'stop', service.unit]);
		t.is(await service.show('ActiveState'), 'failed');
		t.is(await service.show('NRestarts'), '0');
		const journal = await service.journal();
		t.true(journal.includes(`(${server}) terminated by SIGTERM`));
		t.regex(journal, /State 'stop-sigterm' timed out/);
		t.regex(journal, /Killing process \d+ \(.*\) with signal SIGKILL/);
		await box.run(['test', '-e', `${service.folder}/Data.fs.index`]);
		await service.start();
		t.is(await service.read(), 'kept');
	},
);

testInBox('the watchdog leaves a service alone that only waits', async (t, box) => {
	const service = await boxedService(t, box, {port: 8205, service: 'WatchdogSec=4s'});
	if (service === undefined) return;
	await service.start();
	const before = await service.settled();
	// No condition can be waited for: that nothing happens shows only in time, three intervals.
	await box.run(['sleep', '12']);
	t.deepEqual(await service.settled(), before);
	t.is(await service.show('NRestarts'), '0');
});

testInBox('a database that must not be served is not tried again and again', async (t, box) => {
	const service = await boxedService(t, box, {port: 8206});
	if (service === undefined) return;
	await service.start();
	await service.commit('precious');
	await box.run(['systemctl', 'stop', service.unit]);
	const file = `${service.folder}/Data.fs`;
	await box.run(['mv', file, `${service.folder}/kept`]);
	const {exitCode} = await box.attempt(['systemctl', 'start', service.unit]);
	t.not(exitCode, 0);
	t.is(await service.show('ActiveState'), 'failed');
	t.is(await service.show('ExecMainStatus'), '5');
	t.is(await service.show('NRestarts'), '0');
	t.regex(await service.journal('-p', 'err'), /Data\.fs/);
	await box.run(['mv', `${service.folder}/kept`, file]);
	await service.start();
	t.is(await service.read(), 'precious');
});

testInBox('a mistake in the conf is not tried again and again', async (t, box) => {
	const service = await boxedService(t, box, {port: 8207});
	if (service === undefined) return;
	await box.run(['sh', '-c', `printf '<nonsense>\\n</nonsense>\\n' >>${service.conf}`]);
	const {exitCode} = await box.attempt(['systemctl', 'start', service.unit]);
	t.not(exitCode, 0);
	t.is(await service.show('ActiveState'), 'failed');
	t.is(await service.show('ExecMainStatus'), '2');
	t.is(await service.show('NRestarts'), '0');
});

testInBox('systemctl stop waits for a pack, longer than the unit allows', async (t, box) => {
	const fixture = (name: string): string => `${boxFixtures}/${name}`;
	const points = '/srv/zeo-test-8208';
	const service = await boxedService(t, box, {
		port: 8208,
		serve: [boxPython, fixture('programs/slow-packs.py'), points],
		sections: '<zeoctl>\n  stop-pack-wait 10m\n</zeoctl>',
		service: 'TimeoutStopSec=5s',
	});
	if (service === undefined) return;
	const file = `${service.folder}/Data.fs`;
	await box.run([boxPython, fixture('make_filestorage.py'), '--path', file, '--megabytes', '2']);
	await box.run(['chown', '-R', 'zodb:', service.folder]);
	await service.start();
	const packing = box.attempt([boxPython, fixture('programs/packs.py'), '127.0.0.1', '8208']);
	await waitFor(
		'a pack that waits',
		async () => (await box.attempt(['test', '-e', `${points}/at-copy`])).exitCode === 0,
		120_000,
	);
	const stopping = box.run(['systemctl', 'stop', service.unit]);
	await waitFor('a stop that waits', async () =>
		/^stopping, waits for the pack of storage main/.test(await service.show('StatusText')),
	);
	// Longer than TimeoutStopSec: only time can show that systemd waits on.
	await box.run(['sleep', '8']);
	t.is(await service.show('ActiveState'), 'deactivating');
	await box.run(['touch', `${points}/copy`, `${points}/swap`]);
	t.is((await packing).stdout, 'packed');
	await stopping;
	t.is(await service.show('Result'), 'success');
	await box.run(['test', '-e', `${file}.old`]);
	t.not((await box.attempt(['test', '-e', `${file}.pack`])).exitCode, 0);
});
