import {ZeoctlError} from '../platform/errors.js';

/** Takes an option and its value (`--to X`, `--to=X`) out of words. Throws a usage error where it has no value. */
export const takeOption = (
	words: readonly string[],
	option: string,
): {readonly value: string | undefined; readonly rest: readonly string[]} => {
	const index = words.findIndex(word => word === option || word.startsWith(`${option}=`));
	if (index < 0) return {value: undefined, rest: words};
	const isGlued = words[index] !== option;
	const value = isGlued ? words[index]?.slice(option.length + 1) : words[index + 1];
	if (!value) throw new ZeoctlError('USAGE', `cannot understand ${option}: it needs a value`);
	return {value, rest: words.toSpliced(index, isGlued ? 1 : 2)};
};
