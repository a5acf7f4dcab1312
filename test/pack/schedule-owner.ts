import {mkdirSync, symlinkSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {renderCronCommand} from '../../src/generate/cron.js';
import {planServiceFiles} from '../../src/generate/plan.js';
import {renderUnitCommand} from '../../src/generate/unit-text.js';
import {findScheduleOwner} from '../../src/pack/schedule-owner.js';
import {renderShellCommand} from '../../src/platform/shell-word.js';
import {serviceFacts, templates} from '../helpers/service-facts.js';
import {temporaryFolder} from '../helpers/temporary-folder.js';

const conf = '/etc/zeo/main.conf';

const machine = (t: ExecutionContext) => {
	const folder = temporaryFolder(t);
	const at = (name: string): string => path.join(folder, name);
	const wants = at('units/timers.target.wants');
	for (const name of ['run', 'cron', 'units/timers.target.wants'])
		mkdirSync(at(name), {recursive: true});
	return {
		places: {systemdMark: at('run'), units: [at('units')], cron: at('cron')},
		at,
		unit(service: string) {
			writeFileSync(at('units/pack-zeo-main.timer'), '[Timer]\n');
			writeFileSync(at('units/pack-zeo-main.service'), service);
		},
		enable() {
			symlinkSync(at('units/pack-zeo-main.timer'), path.join(wants, 'pack-zeo-main.timer'));
			return path.join(wants, 'pack-zeo-main.timer');
		},
	};
};

const spaced = '/srv/our data/50% "new"/main.conf';

const service = `[Service]\nExecStart=/usr/bin/zeoctl -C "${conf}" pack --scheduled\n`;

test('without timer and cron the supervisor is the owner', t => {
	t.deepEqual(findScheduleOwner(conf, machine(t).places), {owner: 'supervisor'});
	t.deepEqual(findScheduleOwner(undefined, machine(t).places), {owner: 'supervisor'});
});

test('an enabled timer for this conf is the owner, one that is only installed is not', t => {
	const {places, at, unit, enable} = machine(t);
	unit(service);
	t.deepEqual(findScheduleOwner(conf, places), {owner: 'supervisor'});
	const file = enable();
	t.deepEqual(findScheduleOwner(conf, places), {owner: 'systemd', file});
	t.deepEqual(findScheduleOwner('/etc/zeo/main.con', places), {owner: 'supervisor'});
	t.deepEqual(findScheduleOwner(conf, {...places, systemdMark: at('absent')}), {
		owner: 'supervisor',
	});
});

test('a timer whose service only mentions the conf in a comment is not the owner', t => {
	const {places, unit, enable} = machine(t);
	unit(`[Service]\n# ${conf}\n`);
	enable();
	t.deepEqual(findScheduleOwner(conf, places), {owner: 'supervisor'});
});

test('a file of cron that packs this conf by schedule is the owner', t => {
	const {places, at} = machine(t);
	const line = `17 3 * * 0 zeo zeoctl -C ${conf} pack --scheduled\n`;
	writeFileSync(at('cron/zeo.bak'), line);
	writeFileSync(at('cron/backup'), `1 1 * * * zeo backup ${conf}\n#${line}`);
	t.deepEqual(findScheduleOwner(conf, places), {owner: 'supervisor'});
	writeFileSync(at('cron/zeo'), line);
	t.deepEqual(findScheduleOwner(conf, places), {owner: 'cron', file: at('cron/zeo')});
});

test('the generated file of cron makes cron the owner', t => {
	const {places, at} = machine(t);
	const facts = serviceFacts({conf: spaced, directory: '/srv/our data'});
	const [file] = planServiceFiles(facts, templates, ['cron']);
	writeFileSync(at('cron/pack-zeo-app'), file?.content ?? '');
	t.deepEqual(findScheduleOwner(spaced, places), {owner: 'cron', file: at('cron/pack-zeo-app')});
});

test('the generated units make systemd the owner', t => {
	const {places, unit, enable} = machine(t);
	const facts = serviceFacts({name: 'main', conf: spaced, directory: '/srv/our data'});
	const files = planServiceFiles(facts, templates, ['systemd']);
	unit(files.find(({path}) => path.endsWith('/pack-zeo-main.service'))?.content ?? '');
	const file = enable();
	t.deepEqual(findScheduleOwner(spaced, places), {owner: 'systemd', file});
});

test('a path with spaces, quotes and % is found in a unit and in a file of cron', t => {
	const {places, at, unit, enable} = machine(t);
	const words = ['/usr/bin/zeoctl', '-C', spaced, 'pack', '--scheduled'];
	writeFileSync(at('cron/zeo'), `17 3 * * 0 zeo ${renderCronCommand(renderShellCommand(words))}\n`);
	t.deepEqual(findScheduleOwner(spaced, places), {owner: 'cron', file: at('cron/zeo')});
	unit(`[Service]\nExecStart=${renderUnitCommand(words)}\n`);
	const file = enable();
	t.deepEqual(findScheduleOwner(spaced, places), {owner: 'systemd', file});
	t.deepEqual(findScheduleOwner('/srv/our data/50% "new"/main', places), {owner: 'supervisor'});
});
