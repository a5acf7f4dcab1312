import fs from 'node:fs';
import path from 'node:path';
import test from 'ava';
import {bySize} from '../helpers/full-size.js';
import {mountImage} from '../helpers/image.js';
import {type FloodLimits, renderFlood, rotateUnderFlood} from '../helpers/rotation-flood.js';

/** A tenth of all, unless the machine is too busy for that. */
const limits = bySize<FloodLimits>({rotations: 2000}, {rotations: 500, limitMs: 15_000});

for (const kind of ['ext4', 'xfs'] as const) {
	test.serial(`promise 9: cuts under a flood on ${kind} lose no line`, async t => {
		t.timeout(3_600_000);
		const image = mountImage(t, kind, {megabytes: 4096});
		if (image === undefined) return;
		const result = await rotateUnderFlood(image.folder, limits);
		t.log(renderFlood(result));
		t.like(result, {type: kind, removesHeads: true, lost: 0, faults: []});
		t.true(result.rotations > 0);
	});
}

test.serial('where heads cannot be removed, what cuts under a flood cost is measured', async t => {
	const folder = fs.mkdtempSync(path.join('/dev/shm', 'zt-'));
	t.teardown(() => fs.rmSync(folder, {recursive: true, force: true}));
	const result = await rotateUnderFlood(folder, {rotations: bySize(1000, 100), limitMs: 60_000});
	t.log(renderFlood(result));
	if (result.removesHeads) t.log('skipped: /dev/shm can remove heads');
	t.true(result.lines > 0);
	t.true(result.lost < result.lines / 2);
});
