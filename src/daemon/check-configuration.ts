import {execFile} from 'node:child_process';
import {fields} from '../control/json-values.js';
import {callEnvironment} from '../program/environment.js';
import type {Verdict} from './config-watch.js';
import type {Invocation} from './invocation.js';

/** Milliseconds: it may ask the Python of the program for its version of ZEO. */
const limitMs = 60_000;

const mostBytes = 16 * 1024 * 1024;

/**
 * Has `zeoctl check` look at the configuration on disk, in a short-lived process: the supervisor itself reads none.
 * Rejects when there is no answer.
 */
export const checkConfiguration = (
	{command: [file, ...words], flags, cwd, environment}: Invocation,
	signal: AbortSignal,
): Promise<Verdict> =>
	new Promise((resolve, reject) => {
		const child = execFile(
			file,
			[...words, ...flags, 'check', '--json'],
			{
				cwd,
				env: callEnvironment(environment),
				signal,
				timeout: limitMs,
				killSignal: 'SIGKILL',
				maxBuffer: mostBytes,
			},
			(error, stdout) => {
				const verdict = parseVerdict(stdout);
				if (verdict !== undefined) resolve(verdict);
				else reject(error ?? new Error('check gives no answer'));
			},
		);
		child.stdin?.end();
	});

/** The document of `check --json`, of whichever version is installed; undefined when it is none. */
const parseVerdict = (text: string): Verdict | undefined => {
	try {
		const {ok, files, findings} = fields(JSON.parse(text)) ?? {};
		if (typeof ok !== 'boolean') return undefined;
		const errors = list(findings).filter(finding => fields(finding)?.['severity'] === 'error');
		return {
			problem: ok ? null : describe(fields(errors[0])),
			files: list(files).filter(each => typeof each === 'string'),
		};
	} catch {
		return undefined;
	}
};

const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

const describe = (finding: Readonly<Record<string, unknown>> | undefined): string => {
	const {file, line, message} = finding ?? {};
	const place = [file, line].filter(part => typeof part === 'string' || typeof part === 'number');
	return [...(place.length === 0 ? [] : [place.join(':')]), String(message ?? 'a mistake')].join(
		': ',
	);
};
