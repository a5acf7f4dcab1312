import test from 'ava';
import {mayWriteInVain, type WriterTraces} from '../../src/daemon/silent-writer.js';

const before: WriterTraces = {pid: 1, writeCalls: 10, processState: 'S', size: 100};

const decides = test.macro((t, now: Partial<WriterTraces>, isSuspect: boolean) => {
	t.is(mayWriteInVain(before, {...before, ...now}), isSuspect);
});

test('a program that writes nothing is not suspect', decides, {}, false);
test('one that writes and whose file does not grow is', decides, {writeCalls: 11}, true);
test('one whose file grows is not', decides, {writeCalls: 11, size: 101}, false);
test('one that waits for a disk is', decides, {processState: 'D'}, true);
test('one whose calls cannot be seen is', decides, {writeCalls: undefined}, true);
test('another program is not', decides, {pid: 2, writeCalls: 11}, false);
test('at the first look nothing is', t => {
	t.false(mayWriteInVain(undefined, before));
});
