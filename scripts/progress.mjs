import {spawn} from 'node:child_process';

/**
 * Say what is being done and, when it is done, how many seconds it took and whether it failed: `work` resolves to
 * something with an `ok`. On a terminal the seconds count while one waits.
 */
export const showProgress = async (what, work) => {
	const began = performance.now();
	const seconds = digits => ((performance.now() - began) / 1000).toFixed(digits);
	const ticker = process.stdout.isTTY
		? setInterval(() => process.stdout.write(`\r${what} ... ${seconds(0)} s`), 1000)
		: undefined;
	process.stdout.write(`${what} ... `);
	try {
		const result = await work();
		const outcome = result.ok ? '' : 'failed after ';
		console.log(`${ticker ? `\r${what} ... ` : ''}${outcome}${seconds(1)} s`);
		return result;
	} finally {
		clearInterval(ticker);
	}
};

/** Run a command to its end; its output is returned, whatever its exit status. */
export const run = ([file, ...args], options = {}) =>
	new Promise(resolve => {
		const child = spawn(file, args, {stdio: ['ignore', 'pipe', 'pipe'], ...options});
		let output = '';
		for (const stream of [child.stdout, child.stderr]) {
			stream?.setEncoding('utf8').on('data', text => {
				output += text;
			});
		}
		child.once('error', error => resolve({ok: false, output: error.message}));
		child.once('close', status => resolve({ok: status === 0, output}));
	});
