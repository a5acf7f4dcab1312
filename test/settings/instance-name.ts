import test from 'ava';
import {instanceName} from '../../src/settings/instance-name.js';

for (const [conf, name] of [
	['/srv/main/etc/zeo.conf', 'main'],
	['/srv/zeo/etc/zeo.conf', 'srv'],
	['/etc/zeo/shop.conf', 'shop'],
	['/opt/portal/zdaemon.conf', 'portal'],
	['/etc/zeo.conf', 'zeo'],
	['/srv/main/etc/shop-zeoctl.conf', 'shop'],
	['/srv/main/etc/zeo-zdaemon.conf', 'zeo'],
	[undefined, 'zeoctl'],
] as const) {
	test(`the instance of ${conf ?? 'no conf'} is called ${name}`, t => {
		t.is(instanceName(conf), name);
	});
}
