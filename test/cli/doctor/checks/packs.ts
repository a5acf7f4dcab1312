import {mkdirSync} from 'node:fs';
import test from 'ava';
import {judgeOwners} from '../../../../src/cli/doctor/checks/packs.js';
import {appendHistory} from '../../../../src/history/history.js';
import {examination, repairs} from '../../../helpers/examined.js';

const conf = (sections: string): string =>
	`<runner>\n  program {folder}/runzeo -C {folder}/zeo.conf\n  socket-name sock\n</runner>\n${sections}`;

test('a storage that nothing packs', async t => {
	const {levels} = examination(t);
	t.regex((await levels('schedule')).join(), /^warning: nothing packs main unasked/);
	t.deepEqual(await levels('one-schedule'), ['idle: nothing is packed unasked']);
});

test('a storage with a schedule', async t => {
	const {levels} = examination(t, {conf: conf('<pack/>\n')});
	t.deepEqual(await levels('schedule'), ['ok: main: 17 3 * * 0']);
	t.deepEqual(await levels('last-pack'), ['ok: none is overdue']);
	t.deepEqual(await levels('one-schedule'), ['ok: supervisor']);
});

test('a storage whose last pack is long ago', async t => {
	const {levels, at} = examination(t, {conf: conf('<pack/>\n')});
	mkdirSync(at('.sock.d'), {mode: 0o700});
	const longAgo = Date.now() / 1000 - 30 * 86_400;
	appendHistory(at('.sock.d'), {at: longAgo, event: 'start', pid: 1, supervisor: 1});
	t.regex((await levels('last-pack')).join(), /^error: no pack of storage main has succeeded/);
});

test('a line of cron that packs past zeoctl is made a comment by the command', async t => {
	const found = examination(t, {conf: conf('<pack/>\n')});
	found.write('cron.d/zeopack', 'MAILTO=root\n0 3 * * 0 root {folder}/bin/zeopack -p 1\n');
	await repairs(t, found, 'one-schedule', /^warning: .*cron\.d\/zeopack:2 packs past zeoctl/);
});

const line = {file: '/etc/cron.d/pack-zeo-a', line: 3, text: 'x', isOurs: true};
const asRoot = (...words: readonly string[]): string => words.join(' ');

test('a file of cron beside a timer is one too many', t => {
	const owner = {owner: 'systemd', file: '/etc/systemd/system/pack-zeo-a.timer'} as const;
	const [finding] = judgeOwners({lines: [line], owner, hasPacks: true, asRoot});
	t.like(finding, {level: 'warning', command: 'rm /etc/cron.d/pack-zeo-a'});
});

test('the file of cron that is the owner is as it should be', t => {
	const owner = {owner: 'cron', file: line.file} as const;
	t.is(judgeOwners({lines: [line], owner, hasPacks: true, asRoot})[0]?.level, 'ok');
});

test('a timer of a conf without packs', t => {
	const owner = {owner: 'systemd', file: '/etc/systemd/system/pack-zeo-a.timer'} as const;
	t.is(judgeOwners({lines: [], owner, hasPacks: false, asRoot})[0]?.level, 'warning');
});

test('packs that leave garbage', async t => {
	const server = (more: string): string =>
		`<zeo>\n  address 1\n</zeo>\n<filestorage main>\n  path {folder}/Data.fs\n${more}</filestorage>\n`;
	t.deepEqual(await examination(t, {server: server('')}).levels('garbage'), ['ok: they do']);
	const off = examination(t, {server: server('  pack-gc false\n')});
	t.regex((await off.levels('garbage')).join(), /^warning: 'pack-gc' is off in line 6 of /);
});
