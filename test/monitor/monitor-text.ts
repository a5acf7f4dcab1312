import test from 'ava';
import {renderMonitorText} from '../../src/monitor/monitor-text.js';
import {parseHealthDocument} from '../../src/zeo/health-document.js';

const storage = {
	connections: 2,
	loads: 1520,
	stores: 33,
	commits: 12,
	aborts: 1,
	active_txns: 1,
	lock_time: null,
	conflicts: 0,
	conflicts_resolved: 0,
	start: 'Sun Nov 22 23:37:59 2026',
	waiting: 0,
};

const monitorText = (document: object, now: number): string => {
	const storages = parseHealthDocument(JSON.stringify(document));
	return storages === undefined ? '' : renderMonitorText(storages, now);
};

/** Local time, as the text has it. */
const now = new Date(2026, 10, 2, 3, 4, 5).getTime() / 1000;

test('the text is that of a ZEO 4, recorded', t => {
	t.is(
		monitorText({main: {...storage, lock_time: now - 7.9}, Temp: storage}, now),
		`ZEO monitor server version unknown
Mon Nov  2 03:04:05 2026

Storage: Temp
Server started: Sun Nov 22 23:37:59 2026
Clients: 2
Clients verifying: 0
Active transactions: 1
Commits: 12
Aborts: 1
Loads: 1520
Stores: 33
Conflicts: 0
Conflicts resolved: 0

Storage: main
Server started: Sun Nov 22 23:37:59 2026
Clients: 2
Clients verifying: 0
Active transactions: 1
Commit lock held for: 7
Commits: 12
Aborts: 1
Loads: 1520
Stores: 33
Conflicts: 0
Conflicts resolved: 0

`,
	);
});

test('a name cannot add a line', t => {
	const text = monitorText({'a\nClients: 99': storage}, now);
	t.deepEqual(text.match(/^Clients: .*$/gm), ['Clients: 2']);
});

test('a clock that was set back holds no lock for less than nothing', t => {
	t.regex(monitorText({a: {...storage, lock_time: now + 60}}, now), /^Commit lock held for: 0$/m);
});
