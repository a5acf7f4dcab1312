import {openSync} from 'node:fs';
import test from 'ava';
import {openNotifier, renderNotice} from '../../src/systemd/notify.js';

test('a notice is one assignment in each line', t => {
	t.is(renderNotice({READY: 1, STATUS: 'running, pid 7'}), 'READY=1\nSTATUS=running, pid 7\n');
});

test('a value cannot become another assignment', t => {
	t.is(renderNotice({STATUS: 'lost\nMAINPID=1\r\n\0x'}), 'STATUS=lost MAINPID=1 x\n');
});

test('a descriptor that is no socket is not written to', t => {
	t.is(openNotifier(openSync('/dev/null', 'w')), undefined);
	t.is(openNotifier(999_999), undefined);
	t.is(openNotifier(undefined), undefined);
});
