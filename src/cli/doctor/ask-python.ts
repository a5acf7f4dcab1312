import {execa} from 'execa';
import type {FoundPython} from './find-python.js';

/** A question to a Python: a script, and the words that it gets. */
type Asked = {
	readonly directory: string;
	readonly question: string;
	readonly words?: readonly string[];
	readonly limitMs: number;
};

/** What a script prints where the modules of a program are found. Rejects when it fails, or does not answer in time. */
export const askPython = async (
	{python, paths, environment}: FoundPython,
	{directory, question, words = [], limitMs}: Asked,
): Promise<string> => {
	const searched = [...paths, environment['PYTHONPATH']].filter(Boolean).join(':');
	const {stdout, stderr, timedOut, failed, exitCode} = await execa(
		python,
		['-c', question, ...words],
		{
			...{timeout: limitMs, stdin: 'ignore', cwd: directory, extendEnv: false, reject: false},
			env: {
				...environment,
				PYTHONDONTWRITEBYTECODE: '1',
				...(searched !== '' && {PYTHONPATH: searched}),
			},
		},
	);
	if (!failed) return stdout;
	const said = stderr?.trim().split('\n').at(-1);
	const ended = exitCode === undefined ? 'it cannot be run' : `exit status ${exitCode}`;
	const reason = timedOut ? `no answer within ${limitMs / 1000} s` : said || ended;
	throw new Error(`'${python}' does not tell what it has: ${reason}`);
};
