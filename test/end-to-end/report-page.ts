import {existsSync, mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
import type {PackRecord} from '../../src/history/pack-record.js';
import {renderHtml} from '../../src/report/html.js';
import {measure, weeklyRuns} from '../helpers/histories.js';
import {hostileTexts} from '../helpers/hostile-text.js';
import {hostileLetter, sampleLetter} from '../helpers/letters.js';
import {skip} from '../helpers/python.js';
import {temporaryFolder} from '../helpers/temporary-folder.js';
import {projectRoot, runCommand} from '../helpers/zeoctl.js';

/** Kept for people to look at. */
const pictures = path.join(projectRoot, 'build/pages');

/** Where pages are looked at; undefined, with the reason printed, without Chromium. */
const browser = (t: ExecutionContext<unknown>): string | undefined => {
	const found = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(
		file => existsSync(file),
	);
	if (found === undefined) skip(t, 'no Chromium');
	return found;
};

const look = async (
	t: ExecutionContext<unknown>,
	chromium: string,
	file: string,
	words: readonly string[],
) => {
	const profile = temporaryFolder(t);
	const ended = await runCommand(
		t,
		[
			chromium,
			...['--headless', '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'],
			...['--hide-scrollbars', '--no-first-run', `--user-data-dir=${profile}`],
			...['--disable-background-networking', '--virtual-time-budget=2000', ...words],
			`file://${file}`,
		],
		{limitMs: 180_000, env: {HOME: profile}},
	);
	t.is(ended.exitCode, 0, ended.stderr);
	return ended.stdout;
};

/** Measures what a page needs at a width, in a frame of it: a window has a least width of its own. */
const frameFor = (page: string, width: number): string => `<!doctype html>
<iframe id="f" width="${width}" height="800" style="border:0" srcdoc="${page.replaceAll('&', '&amp;').replaceAll('"', '&quot;')}"></iframe>
<script>
document.getElementById('f').onload = event => {
	const page = event.target.contentDocument;
	const outside = [...page.querySelectorAll('*')].filter(each => each.getBoundingClientRect().right > ${width} + 0.5);
	document.body.innerHTML = '<pre id="m">' + JSON.stringify({
		width: page.documentElement.scrollWidth,
		outside: outside.length,
		scripts: page.scripts.length,
		height: page.documentElement.scrollHeight,
	}) + '</pre>';
};
</script>`;

const measurePage = async (
	t: ExecutionContext<unknown>,
	chromium: string,
	page: string,
	width: number,
): Promise<{width: number; outside: number; scripts: number; height: number}> => {
	const file = path.join(temporaryFolder(t), 'frame.html');
	writeFileSync(file, frameFor(page, width));
	const dom = await look(t, chromium, file, ['--dump-dom']);
	const [, found = 'null'] = /<pre id="m">(.*?)<\/pre>/.exec(dom) ?? [];
	return JSON.parse(found);
};

const largest: Partial<PackRecord> = {
	before: measure(999 * 1024 ** 3, {
		objects: 1_234_567_890,
		blobs: {files: 123_456_789, bytes: 999 * 1024 ** 4},
	}),
	after: measure(998 * 1024 ** 3, {
		objects: 1_134_567_890,
		old: 999 * 1024 ** 3,
		blobs: {files: 113_456_789, bytes: 998 * 1024 ** 4},
	}),
};

for (const [name, page] of [
	['report', renderHtml(sampleLetter())],
	['good-report', renderHtml(sampleLetter(weeklyRuns(12)))],
	['large-report', renderHtml(sampleLetter(weeklyRuns(12, () => largest)))],
	['hostile-report', renderHtml(hostileLetter(hostileTexts(30)))],
] as const) {
	test.serial(`the page ${name} fits a telephone and a wide window`, async t => {
		const chromium = browser(t);
		if (chromium === undefined) return;
		mkdirSync(pictures, {recursive: true});
		const file = path.join(pictures, `${name}.html`);
		writeFileSync(file, page);
		for (const width of [360, 1200]) {
			const {width: needed, outside, scripts, height} = await measurePage(t, chromium, page, width);
			t.deepEqual([needed, outside, scripts], [width, 0, 0], `at ${width}`);
			const picture = path.join(pictures, `${name}-${width}.png`);
			const size = `--window-size=${width},${Math.min(height, 6000)}`;
			await look(t, chromium, file, [size, `--screenshot=${picture}`]);
			t.is(readFileSync(picture).readUInt32BE(16), width);
		}
	});
}
