import {mkdirSync, rmSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {watchOomKills} from '../../src/program/oom-kills.js';
import {temporaryFolder} from '../helpers/temporary-folder.js';

/** A process 7 in control groups as `groups` tells, with a file that counts. */
const machine = (t: ExecutionContext, groups: string, file: string) => {
	const folder = temporaryFolder(t);
	const counter = path.join(folder, 'cgroup', file);
	mkdirSync(path.join(folder, 'proc/7'), {recursive: true});
	mkdirSync(path.dirname(counter), {recursive: true});
	writeFileSync(path.join(folder, 'proc/7/cgroup'), groups);
	const count = (kills: number): void =>
		writeFileSync(counter, `low 0\noom 9\noom_kill ${kills}\noom_group_kill 0\n`);
	count(3);
	const watch = () => {
		const kills = watchOomKills(7, path.join(folder, 'cgroup'), path.join(folder, 'proc'));
		t.teardown(kills.close);
		return kills;
	};
	return {counter, count, watch};
};

const v1 = '5:cpu,cpuacct:/\n4:memory:/zeo\n0::/\n';

const notices = test.macro((t, groups: string, file: string) => {
	const {count, watch} = machine(t, groups, file);
	const kills = watch();
	t.false(kills.haveRisen());
	count(4);
	t.true(kills.haveRisen());
	t.false(watch().haveRisen(), 'what was before does not count');
});

test(
	'version 2',
	notices,
	'0::/system.slice/zeo.service\n',
	'system.slice/zeo.service/memory.events',
);
test('version 1', notices, v1, 'memory/zeo/memory.oom_control');
test('both, the counter in the old one', notices, v1, 'memory/zeo/memory.oom_control');
test('both, the counter in the new one', notices, '0::/a\n', 'unified/a/memory.events');

test('nothing is claimed where nothing is counted', t => {
	const {counter, watch} = machine(t, '0::/a\n', 'a/memory.events');
	const kills = watch();
	rmSync(counter);
	t.false(kills.haveRisen());
	t.false(watch().haveRisen());
	t.false(watchOomKills(2 ** 22 + 1).haveRisen());
});
