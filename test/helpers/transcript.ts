import {type ChildProcess, spawn} from 'node:child_process';
import {once} from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import {fileURLToPath} from 'node:url';
import type {ExecutionContext} from 'ava';
import type {TranscriptSettings} from '../../src/settings/settings.js';
import {withoutMarkers} from '../../src/transcript/marker.js';

/** A transcript that is rotated by its supervisor at a megabyte, whoever did it before; one old file is kept. */
export const ownRotation: TranscriptSettings = {
	mode: 'direct',
	maxSize: 1_000_000,
	oldFiles: 1,
	totalSize: 1e9,
	compress: false,
	timestamps: false,
	format: 'text',
	onSlow: 'drop',
	queueSize: 1_000_000,
	isAsked: true,
};

/** A fresh folder with a `state` folder inside, removed after the test. */
export const openFolder = (t: ExecutionContext, parent = os.tmpdir()) => {
	const folder = fs.mkdtempSync(path.join(parent, 'zeoctl-transcript-'));
	t.teardown(() => fs.rmSync(folder, {recursive: true, force: true}));
	const runDirectory = path.join(folder, 'state');
	fs.mkdirSync(runDirectory, {mode: 0o700});
	return {folder, runDirectory, log: path.join(folder, 'out.log')};
};

/** The path of a compiled test program. */
export const programPath = (name: string): string =>
	fileURLToPath(new URL(`../fixtures/programs/${name}.js`, import.meta.url));

/** Starts a program whose stdout and stderr are the open file `descriptor`, as the supervisor does. */
export const startWriter = (
	t: ExecutionContext,
	{descriptor, args = []}: {readonly descriptor: number; readonly args?: readonly string[]},
) => {
	const child = spawn(process.execPath, [programPath('writes-numbered-lines'), ...args], {
		stdio: ['ignore', descriptor, descriptor],
	});
	t.teardown(() => child.kill('SIGKILL'));
	return {
		pid: child.pid ?? 0,
		/** Lets it complete its line and end. */
		stop: async () => {
			child.kill('SIGTERM');
			await ended(child);
		},
	};
};

const ended = async (child: ChildProcess): Promise<void> => {
	if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
};

/** Waits until a condition holds; fails loudly after ten seconds. */
export const waitFor = async (what: string, condition: () => boolean): Promise<void> => {
	const limit = Date.now() + 10_000;
	while (!condition()) {
		if (Date.now() > limit) throw new Error(`waited in vain: ${what}`);
		await sleep(5);
	}
};

/** Checks numbered lines in files, oldest first: all there, once, whole, in order. Returns how many, or the fault. */
export const checkNumberedLines = (files: readonly string[]): number | string => {
	let expected = 0;
	let rest = Buffer.alloc(0);
	for (const file of files) {
		const content = Buffer.concat([rest, withoutMarkers(fs.readFileSync(file))]);
		let start = 0;
		for (let end = content.indexOf('\n'); end !== -1; end = content.indexOf('\n', start)) {
			const line = content.toString('latin1', start, end);
			if (!/^\d{10} x*$/.test(line) || Number(line.slice(0, 10)) !== expected) {
				return `${path.basename(file)}: ${JSON.stringify(line)} instead of line ${expected}`;
			}
			expected += 1;
			start = end + 1;
		}
		rest = content.subarray(start);
	}
	return rest.length === 0 ? expected : `the last line is not complete: ${rest.toString('latin1')}`;
};
