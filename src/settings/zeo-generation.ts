import {removedKeyAdvice} from '../schema/zeo.js';
import type {Finding} from './check.js';

const unknownKey = /^'([^']*)' is not a known key name$/;

/**
 * Findings are made for ZEO 5 and 6. Where ZEO 4 is installed, the keys that later ones dropped are no errors but
 * what stands in the way of an upgrade.
 */
export const judgeByGeneration = (
	findings: readonly Finding[],
	version: string,
): readonly Finding[] => {
	if (Number.parseInt(version, 10) >= 5) return findings;
	return findings.map(finding => {
		const key = unknownKey.exec(finding.message)?.[1];
		if (key === undefined || removedKeyAdvice(key) === undefined) return finding;
		return {
			...finding,
			severity: 'warning',
			message: `'${key}' is known to the installed ZEO ${version}, but no longer to ZEO 5`,
		};
	});
};
