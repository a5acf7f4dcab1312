import {mkdirSync, symlinkSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import test from 'ava';
import {isEnabled} from '../../src/systemd/enabled.js';
import {temporaryFolder} from '../helpers/temporary-folder.js';

test('a unit is enabled when something that is started wants it', t => {
	const folder = temporaryFolder(t);
	const unit = path.join(folder, 'zeo-main.service');
	writeFileSync(unit, '');
	mkdirSync(path.join(folder, 'multi-user.target.wants'));
	t.false(isEnabled('zeo-main.service', [folder, path.join(folder, 'nowhere')]));
	symlinkSync(unit, path.join(folder, 'multi-user.target.wants/zeo-main.service'));
	t.true(isEnabled('zeo-main.service', [path.join(folder, 'nowhere'), folder]));
	t.false(isEnabled('zeo-other.service', [folder]));
});
