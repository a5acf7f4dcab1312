/** Why there is no environment, and what to do about it. */
export type EnvironmentFailure = {
	readonly reason: string;
	readonly hint?: string;
	/** Packages of Debian that would help. */
	readonly packages?: string;
};

const unreachable =
	/from versions: none|name resolution|Name or service|new connection|Connection refused|Connection reset|timed out|unreachable|Max retries|ProxyError|dns error|error sending request|CERTIFICATE_VERIFY/i;

/** What the output of the failed ways means. */
export const explainFailures = (
	failures: readonly string[],
	python: string | undefined,
): EnvironmentFailure => {
	const text = failures.join('\n');
	const offline = failures.findLast(failure => unreachable.test(failure));
	if (offline !== undefined)
		return {
			reason: `cannot install the Python packages: ${firstLine(offline, unreachable)}`,
			hint: 'check the network and the settings of pip (PIP_INDEX_URL, HTTPS_PROXY), or give the packages with --wheels',
		};
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
