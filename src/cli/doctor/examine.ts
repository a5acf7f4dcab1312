import {systemReason} from '../../platform/errors.js';
import type {Check} from './check.js';
import {type Finding, type Level, unknown, worstLevel} from './finding.js';
import type {Subject} from './subject.js';

/** A check with what it found; at least one finding. */
export type Examined = Pick<Check, 'group' | 'name'> & {
	readonly level: Level;
	readonly findings: readonly Finding[];
};

/** Longer than a mail server or a slow disk needs, and short enough for somebody who waits. */
const limitMs = 15_000;

/**
 * Runs all checks side by side, none longer than the limit. What goes wrong inside of a check is a finding of it, so
 * that the others still tell what they see. Never throws.
 */
export const examine = (
	checks: readonly Check[],
	subject: Subject,
	patienceMs = limitMs,
): Promise<readonly Examined[]> =>
	Promise.all(
		checks.map(async check => {
			const findings = await findWithin(check, subject, patienceMs);
			return {group: check.group, name: check.name, level: worstLevel(findings), findings};
		}),
	);

const findWithin = async (
	check: Check,
	subject: Subject,
	patienceMs: number,
): Promise<readonly Finding[]> => {
	let cancel = (): void => {};
	const late = new Promise<readonly Finding[]>(resolve => {
		cancel = subject.system.clock.after(patienceMs, () =>
			resolve([unknown(`no answer within ${patienceMs / 1000} s`)]),
		);
	});
	const run = async (): Promise<readonly Finding[]> => check.run(subject);
	try {
		return await Promise.race([run(), late]);
	} catch (cause) {
		return [unknown(`this could not be looked at: ${systemReason(cause)}`)];
	} finally {
		cancel();
	}
};
