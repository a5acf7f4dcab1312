import test from 'ava';
import {unitInCgroups, unitOfProcess} from '../../src/systemd/unit-of-process.js';

const belongs = (cgroups: string, unit: string | undefined): void => {
	test(`${JSON.stringify(cgroups)} is ${unit ?? 'no service'}`, t => {
		t.is(unitInCgroups(cgroups), unit);
	});
};

belongs('0::/system.slice/zeo-main.service\n', 'zeo-main.service');
belongs('0::/system.slice/system-zeo.slice/zeo@main.service\n', 'zeo@main.service');
belongs('0::/system.slice/zeo-main.service/supervised\n', 'zeo-main.service');
belongs('12:pids:/x\n1:name=systemd:/system.slice/zeo.service\n0::/\n', 'zeo.service');
belongs('0::/user.slice/user-1000.slice/user@1000.service/app.slice/zeo.service\n', 'zeo.service');
belongs('0::/user.slice/user-1000.slice/user@1000.service\n', undefined);
belongs('0::/user.slice/user-1000.slice/session-3.scope\n', undefined);
belongs('0::/user.slice/user-1000.slice/user@1000.service/app.slice/app-term.scope\n', undefined);
belongs('0::/init.scope\n', undefined);
belongs('0::/\n', undefined);
belongs('', undefined);

test('a process that is gone belongs to no service', t => {
	t.is(unitOfProcess(0), undefined);
});
