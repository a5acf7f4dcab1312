import {type ChildProcessByStdio, spawn} from 'node:child_process';
import {Socket} from 'node:net';
import path from 'node:path';
import {createInterface} from 'node:readline';
import type {Readable, Writable} from 'node:stream';
import type {ExecutionContext} from 'ava';
import {testPython} from './python.js';

/** A step of `test/fixtures/reference/file_storage.py`, where the steps are described. */
export type StorageStep = {readonly do: string; readonly path: string} & Readonly<
	Record<string, unknown>
>;

/**
 * Lets ZODB itself work on storage files, and gives its answers, step by step. Where there is no Python with the
 * reference packages the test is passed with a printed reason and the answer is undefined.
 */
export const withZodb = async (
	t: ExecutionContext<unknown>,
	steps: readonly StorageStep[],
): Promise<readonly unknown[] | undefined> => {
	const python = testPython(t);
	if (python === undefined) return undefined;
	worker ??= startWorker(python);
	const answers: unknown = JSON.parse(await worker(JSON.stringify(steps)));
	if (!Array.isArray(answers)) throw new Error(JSON.stringify(answers));
	return answers;
};

/** One Python for all tests of a file: to load ZODB takes longer than most of them. */
let worker: ((line: string) => Promise<string>) | undefined;

const startWorker = (python: string) => {
	const child = spawn(python, [path.resolve('test/fixtures/reference/file_storage.py')], {
		stdio: ['pipe', 'pipe', 'inherit'],
		env: {...process.env, PYTHONDONTWRITEBYTECODE: '1'},
	});
	const waiting: {resolve: (line: string) => void; reject: (error: Error) => void}[] = [];
	createInterface({input: child.stdout}).on('line', line => {
		waiting.shift()?.resolve(line);
		if (waiting.length === 0) setReferenced(child, false);
	});
	child.once('exit', code => {
		worker = undefined;
		for (const {reject} of waiting) reject(new Error(`python ended with ${code}`));
	});
	return (line: string): Promise<string> =>
		new Promise((resolve, reject) => {
			waiting.push({resolve, reject});
			setReferenced(child, true);
			child.stdin.write(`${line}\n`);
		});
};

/** Whether it keeps this process alive: only while an answer is due. It ends with its input. */
const setReferenced = (
	child: ChildProcessByStdio<Writable, Readable, null>,
	referenced: boolean,
): void => {
	for (const part of [child, child.stdin, child.stdout]) {
		if (part === child || part instanceof Socket) part[referenced ? 'ref' : 'unref']();
	}
};
