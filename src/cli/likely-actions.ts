import {nearestName} from '../platform/nearest-name.js';

/** So many actions that begin alike are named; more would be the list of all. */
const fewActions = 3;

/**
 * Which action was probably meant, as the end of a message; empty where that cannot be told. A word that actions begin
 * with is short for them, and no slip of another one: who types `stat` does not want a start.
 */
export const renderLikelyActions = (word: string, names: readonly string[]): string => {
	const begun = names.filter(name => name.startsWith(word.toLowerCase()));
	const nearest = nearestName(word, names);
	const likely =
		begun.length > 0 && begun.length <= fewActions ? begun : nearest === undefined ? [] : [nearest];
	return likely.length === 0 ? '' : `; did you mean ${either(likely.map(name => `'${name}'`))}?`;
};

const either = (names: readonly string[]): string =>
	[names.slice(0, -1).join(', '), ...names.slice(-1)].filter(part => part !== '').join(' or ');
