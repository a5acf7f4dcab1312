import test from 'ava';
import {serviceName} from '../../src/generate/service-name.js';

const named = test.macro((t, conf: string, expected: string | undefined) => {
	t.is(serviceName(conf), expected);
});

test('the name of a scaffolded conf', named, '/srv/app/etc/app-zeoctl.conf', 'app');
test('the name of a conf of zdaemon', named, '/srv/app/etc/app-zdaemon.conf', 'app');
test('the folder, where the conf says nothing', named, '/srv/data/etc/zeo.conf', 'data');
test('a dot would hide a file from cron', named, '/etc/my.app.conf', 'my-app');
test('spaces and signs', named, '/etc/a b%$"c.conf', 'a-b-c');
test('a very long name', named, `/etc/${'x'.repeat(200)}.conf`, 'x'.repeat(64));
test('nothing left', named, '/ü/é/大.conf', undefined);
