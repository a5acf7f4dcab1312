import {openSync, readFileSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import test from 'ava';
import {openNotifier, renderNotice} from '../../src/systemd/notify.js';
import {temporaryFolder} from '../helpers/temporary-folder.js';

test('a notice is one assignment in each line', t => {
	t.is(renderNotice({READY: 1, STATUS: 'running, pid 7'}), 'READY=1\nSTATUS=running, pid 7\n');
});

test('a value cannot become another assignment', t => {
	t.is(renderNotice({STATUS: 'lost\nMAINPID=1\r\n\0x'}), 'STATUS=lost MAINPID=1 x\n');
});

test('a descriptor that is no socket is not written to', t => {
	for (const descriptor of [openSync('/dev/null', 'w'), 999_999])
		t.is(openNotifier({by: 'socket', descriptor}), undefined);
	t.is(openNotifier(undefined), undefined);
});

test('systemd-notify is called once for each message, and only it knows where to', t => {
	const folder = temporaryFolder(t);
	const [tool, said] = [path.join(folder, 'tool'), path.join(folder, 'said')];
	const show = `#!/bin/sh\n{ echo "$NOTIFY_SOCKET"; printf '[%s]' "$@"; echo; } >>"${said}"\n`;
	writeFileSync(tool, show, {mode: 0o755});
	const notify = openNotifier({by: 'tool', tool, address: '/run/x'});
	notify?.({READY: 1, STATUS: 'running, pid 7'});
	notify?.({STATUS: 'lost\nMAINPID=1'});
	t.is(
		readFileSync(said, 'utf8'),
		'/run/x\n[READY=1][STATUS=running, pid 7]\n/run/x\n[STATUS=lost MAINPID=1]\n',
	);
	t.notThrows(() => openNotifier({by: 'tool', tool: '/nowhere', address: '/run/x'})?.({READY: 1}));
});
