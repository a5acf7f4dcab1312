import {execFileSync} from 'node:child_process';
import {existsSync} from 'node:fs';
import path from 'node:path';
import type {ExecutionContext} from 'ava';

type Question = {
	/** A file of `test/fixtures/reference`. It reads JSON from its input and writes JSON. */
	readonly script: string;
	readonly input: unknown;
	readonly environment?: Readonly<Record<string, string>>;
};

/**
 * What the original answers, run by the Python that holds the reference packages. Where there is none the test
 * passes with a printed reason and the answer is undefined; with `CI=true` it fails instead.
 */
export const askPython = (
	t: ExecutionContext<unknown>,
	{script, input, environment = {}}: Question,
): unknown => {
	const python = process.env['ZEOCTL_TEST_PYTHON'] ?? path.resolve('.test-env/bin/python');
	if (!existsSync(python)) {
		t.log(`skipped: no Python with the reference packages at ${python}`);
		t.not(process.env['CI'], 'true', 'may not be skipped with CI=true');
		return undefined;
	}
	const output = execFileSync(python, [path.resolve('test/fixtures/reference', script)], {
		input: JSON.stringify(input),
		env: {...process.env, PYTHONDONTWRITEBYTECODE: '1', ...environment},
		maxBuffer: 1 << 28,
	});
	return JSON.parse(output.toString());
};
