import {closeSync, openSync, writeFileSync} from 'node:fs';
import test from 'ava';
import {examination} from '../../../helpers/examined.js';
import {begin} from '../../../helpers/guarded.js';
import {waitFor} from '../../../helpers/wait-for.js';

test('a database that nobody has open', async t => {
	const {levels, write} = examination(t);
	write('Data.fs', 'FS30');
	write('Data.fs.lock', '');
	t.deepEqual(await levels('writers'), ["ok: nobody writes './Data.fs', as far as can be seen"]);
	t.deepEqual(await levels('lock-files'), ['ok: 1 lock files, as they should be']);
	t.deepEqual(await levels('readers'), ['ok: nobody, as far as can be seen']);
});

test('a stranger that writes the database is named', async t => {
	const {findings, write} = examination(t);
	const file = write('Data.fs', 'FS30');
	const stranger = begin(t, ['sh', '-c', 'exec 3>>"$0"; exec sleep 600', file]);
	t.teardown(() => stranger.kill('SIGKILL'));
	const [finding] = await waitFor('a writer', async () => {
		const found = await findings('writers');
		return found.some(({level}) => level === 'error') ? found : undefined;
	});
	t.regex(finding?.message ?? '', new RegExp(`in use by process ${stranger.pid} `));
	t.is(finding?.command, `ps -fp ${stranger.pid}`);
});

test('who reads the database is a warning', async t => {
	const {findings, write} = examination(t);
	const file = write('Data.fs', 'FS30');
	const reader = begin(t, ['sh', '-c', 'exec 3<"$0"; exec sleep 600', file]);
	t.teardown(() => reader.kill('SIGKILL'));
	const [finding] = await waitFor('a reader', async () => {
		const found = await findings('readers');
		return found.some(({level}) => level === 'warning') ? found : undefined;
	});
	t.regex(finding?.message ?? '', new RegExp(`read by process ${reader.pid} `));
});

test('a lock that somebody holds is an error', async t => {
	const {findings, write} = examination(t);
	write('Data.fs', 'FS30');
	const lock = write('Data.fs.zeoctl-lock', '');
	const holder = begin(t, ['flock', '--no-fork', lock, 'sleep', '600']);
	t.teardown(() => holder.kill('SIGKILL'));
	const [finding] = await waitFor('a holder', async () => {
		const found = await findings('lock-files');
		return found.some(({level}) => level === 'error') ? found : undefined;
	});
	t.regex(finding?.message ?? '', new RegExp(`process ${holder.pid} `));
});

test('looking leaves no lock and no file behind', async t => {
	const {levels, at} = examination(t);
	for (const name of ['writers', 'lock-files', 'readers']) await levels(name);
	t.throws(() => closeSync(openSync(at('Data.fs.lock'), 'r')), {code: 'ENOENT'});
	writeFileSync(at('Data.fs'), '');
	t.deepEqual(await levels('lock-files'), ['idle: there are none']);
});
