import {mkdirSync, symlinkSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {judgeStarters} from '../../../src/cli/doctor/checks/starters.js';
import {findStarters} from '../../../src/cli/doctor/starters.js';
import {temporaryFolder} from '../../helpers/temporary-folder.js';

const conf = '/srv/shop/etc/shop.conf';

/** A folder like `/etc`. */
const makeEtc = (t: ExecutionContext<unknown>) => {
	const etc = temporaryFolder(t);
	const at = (name: string): string => path.join(etc, name);
	const write = (name: string, text: string): void => {
		mkdirSync(path.dirname(at(name)), {recursive: true});
		writeFileSync(at(name), text);
	};
	const link = (target: string, name: string): void => {
		mkdirSync(path.dirname(at(name)), {recursive: true});
		symlinkSync(at(target), at(name));
	};
	const found = (): readonly string[] =>
		findStarters(etc, [conf]).map(({file}) => path.relative(etc, file));
	return {etc, write, link, found};
};

const unit = (verb: string): string =>
	`[Service]\nExecStart=/usr/bin/zeoctl -C "${conf}" ${verb}\n`;

test('a unit counts when it is enabled, and starts the server', t => {
	const {write, link, found} = makeEtc(t);
	write('systemd/system/a.service', unit('supervise'));
	t.deepEqual(found(), []);
	link('systemd/system/a.service', 'systemd/system/multi-user.target.wants/a.service');
	t.deepEqual(found(), ['systemd/system/a.service']);
	write('systemd/system/pack-a.service', unit('pack --scheduled'));
	link('systemd/system/pack-a.service', 'systemd/system/multi-user.target.wants/pack-a.service');
	write('systemd/system/b.service', unit('supervise').replace('shop.conf', 'other.conf'));
	link('systemd/system/b.service', 'systemd/system/multi-user.target.wants/b.service');
	t.deepEqual(found(), ['systemd/system/a.service']);
});

test('an init script counts when a runlevel has it', t => {
	const {write, link, found} = makeEtc(t);
	write('init.d/zeo', `#!/bin/sh\n# for ${conf}\nCONF=${conf}\n`);
	t.deepEqual(found(), []);
	link('init.d/zeo', 'rc2.d/S20zeo');
	link('init.d/zeo', 'rc3.d/S20zeo');
	t.deepEqual(found(), ['init.d/zeo']);
});

test('a line of cron counts when it is for the boot', t => {
	const {write, found} = makeEtc(t);
	write('cron.d/zeo', `@reboot zeo zdaemon -C ${conf} start\n`);
	write('crontab', `0 3 * * * zeo zeoctl -C ${conf} start\n#@reboot zeo zeoctl -C ${conf} start\n`);
	t.deepEqual(found(), ['cron.d/zeo']);
});

const asRoot = (...words: readonly string[]): string => words.join(' ');

test('of two starters the one that zeoctl has made stays', t => {
	const old = {file: '/etc/init.d/zeo', isOurs: false, removal: ['remove', 'zeo']};
	const made = {file: '/etc/systemd/system/zeo.service', isOurs: true, removal: ['disable', 'it']};
	const [finding, ...more] = judgeStarters([old, made], asRoot);
	t.like(finding, {level: 'warning', command: 'remove zeo'});
	t.deepEqual(more, []);
	t.is(judgeStarters([made], asRoot)[0]?.level, 'ok');
	t.is(judgeStarters([], asRoot)[0]?.level, 'idle');
});
