import {spawn} from 'node:child_process';
import path from 'node:path';
import {createInterface} from 'node:readline';
import type {ExecutionContext} from 'ava';
import {testPython} from './python.js';
import {projectRoot} from './zeoctl.js';

export type SchemaName = 'zdaemon' | 'zeoctl' | 'runzeo';

/** A configuration to read. */
export type ReferenceQuestion = {
	readonly schema: SchemaName;
	readonly url: string;
	readonly bytes: Uint8Array;
	/** `-X` arguments. */
	readonly overrides?: readonly string[];
};

/** What the real ZConfig made of it; `crashed` is a stack trace in place of a message. */
export type ReferenceAnswer =
	| {readonly result: 'accepted'; readonly values: unknown}
	| {readonly result: 'refused'; readonly text: string; readonly kind: string}
	| {readonly result: 'crashed'; readonly text: string};

export type Reference = (question: ReferenceQuestion) => Promise<ReferenceAnswer>;

/** One Python process with the real ZConfig, until the test ends; undefined where there is no such Python. */
export const zconfigReference = (
	t: ExecutionContext<unknown>,
	environment: Readonly<Record<string, string | undefined>>,
): Reference | undefined => {
	const python = testPython(t);
	if (python === undefined) return undefined;
	const folder = path.join(projectRoot, 'test/fixtures/reference');
	const child = spawn(
		python,
		[path.join(folder, 'zconfig.py'), path.join(folder, 'components.json')],
		{env: {...environment, PYTHONDONTWRITEBYTECODE: '1'}, stdio: ['pipe', 'pipe', 'inherit']},
	);
	t.teardown(() => child.kill());
	const waiting: ((answer: ReferenceAnswer) => void)[] = [];
	const failures: ((error: Error) => void)[] = [];
	createInterface({input: child.stdout}).on('line', line => {
		failures.shift();
		waiting.shift()?.(JSON.parse(line));
	});
	child.once('close', code => {
		for (const fail of failures) fail(new Error(`the reference ended with ${code}`));
	});
	return ({schema, url, bytes, overrides = []}) =>
		new Promise((resolve, reject) => {
			waiting.push(resolve);
			failures.push(reject);
			const request = {schema, url, overrides, bytes: Buffer.from(bytes).toString('base64')};
			child.stdin.write(`${JSON.stringify(request)}\n`);
		});
};
