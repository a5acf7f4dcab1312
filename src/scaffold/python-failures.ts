import {renderShellWord} from '../platform/shell-word.js';

/** Why there is no environment, and what to do about it. */
export type EnvironmentFailure = {
	readonly reason: string;
	readonly hint?: string;
	/** Packages of Debian that would help. */
	readonly packages?: string;
};

const unreachable =
	/from versions: none|name resolution|Name or service|new connection|Connection refused|Connection reset|timed out|unreachable|Max retries|ProxyError|dns error|error sending request|CERTIFICATE_VERIFY/i;

type FailedPlan = {
	/** The pinned packages. */
	readonly requirements: string;
	readonly wheels: string | undefined;
};

/** What the output of the failed ways means; with `wheels` nobody was asked but that folder. */
export const explainFailures = (
	failures: readonly string[],
	{python, wheels, requirements}: FailedPlan & {readonly python: string | undefined},
): EnvironmentFailure => {
	const text = failures.join('\n');
	const offline = failures.findLast(failure => unreachable.test(failure));
	if (offline !== undefined) {
		const line = firstLine(offline, unreachable);
		return wheels === undefined
			? {
					reason: `cannot install the Python packages: the package index cannot be reached\n${line}`,
					hint: 'check the network and the settings of pip (PIP_INDEX_URL, HTTPS_PROXY), or give the packages with --wheels',
				}
			: {
					reason: `cannot install the Python packages: ${wheels} lacks one of them\n${line}`,
					hint: `python3 -m pip download --no-deps --require-hashes -r ${renderShellWord(requirements)} -d ${renderShellWord(wheels)}`,
				};
	}
	if (/ensurepip|No module named (?:pip|venv)|no such option: --python/.test(text))
		return {
			reason: `cannot make a Python environment: ${python} has neither ensurepip nor a pip that could stand in for it`,
			packages: python?.includes('.') ? `${python}-venv` : 'python3-venv',
		};
	return {
		reason: `cannot install the Python packages\n${text.trim().split('\n').slice(-15).join('\n')}`,
	};
};

const firstLine = (text: string, pattern: RegExp): string =>
	(text.split('\n').find(line => pattern.test(line)) ?? '').trim();
