// Pins the packages of a release: every version that a Python may get, each file by its digest, for all platforms.
// Usage: node scripts/release-requirements.mjs FROM TO [OPTION ...], with uv on PATH; FROM names packages, TO is
// scripts/releases/NAME/zeo-N.txt, or scripts/test-requirements.txt; the options are those of `uv pip compile`.
import {execFileSync} from 'node:child_process';
import {mkdirSync} from 'node:fs';
import path from 'node:path';
import {fail} from './ready.mjs';

const [from, to, ...more] = process.argv.slice(2);
if (from === undefined || to === undefined) {
	fail('usage: node scripts/release-requirements.mjs FROM TO [OPTION ...]');
} else {
	mkdirSync(path.dirname(to), {recursive: true});
	const form = ['--quiet', '--no-header', '--no-annotate', '--generate-hashes'];
	const range = ['--universal', '--python-version', '3.9'];
	execFileSync('uv', ['pip', 'compile', ...form, ...range, ...more, from, '--output-file', to], {
		stdio: 'inherit',
	});
}
