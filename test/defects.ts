import {readdirSync, readFileSync} from 'node:fs';
import path from 'node:path';
import test from 'ava';
import {projectRoot} from './helpers/zeoctl.js';

test('each of the 25 defects of the original has an end-to-end test that is named after it', t => {
	const folder = path.join(projectRoot, 'test/end-to-end');
	const text = readdirSync(folder)
		.map(file => readFileSync(path.join(folder, file), 'utf8'))
		.join('\n');
	const named = [...text.matchAll(/test(?:\.serial)?\(\s*['`"]defect (\d+)\b/g)].map(([, number]) =>
		Number(number),
	);
	t.deepEqual(
		[...new Set(named)].toSorted((one, other) => one - other),
		Array.from({length: 25}, (_, index) => index + 1),
	);
});
