import {nearestName} from '../platform/nearest-name.js';
import {removedKeyAdvice} from '../schema/zeo.js';
import type {ProblemSubject} from '../zconfig/errors.js';

/** What to do about an unknown or misplaced name, one sentence; undefined when nothing is known. */
export const hintFor = (subject: ProblemSubject): string | undefined => {
	const {kind, name, section, known} = subject;
	if (kind !== 'unknown-key' && kind !== 'unknown-section') return undefined;
	const removed = kind === 'unknown-key' && section === 'zeo' ? removedKeyAdvice(name) : undefined;
	if (removed !== undefined) return removed;
	const nearest = nearestName(name, known);
	if (nearest === undefined) return undefined;
	return kind === 'unknown-key' ? `did you mean '${nearest}'?` : `did you mean <${nearest}>?`;
};
