import {renderPythonString} from '../platform/python-repr.js';
import {isConversionError} from './conversion-error.js';
import {basicKey} from './datatypes.js';
import type {Children} from './describe.js';
import {commandLine, type Entry, type Frame, type Run, report} from './frame.js';

/** The name under which a key is compared: only free names keep their case. */
export const foldedKey = (frame: Frame, key: string): string =>
	frame.type?.hasFreeKeys ? key : key.toLowerCase();

/** Takes a key into its section. ZConfig prints no position for a misplaced key of the file, and the section's end for one of `-X`. */
export const addKey = (
	run: Run,
	frame: Frame,
	{key, value, position}: Entry & {readonly key: string},
): void => {
	const [style, place] = position ? (['none', position] as const) : [frame.endStyle, frame.end];
	const name = foldedKey(frame, key);
	const slot = keySlot(frame, name);
	const isKnown = slot !== undefined && (!slot.isAny || frame.type?.hasFreeKeys);
	const keyMessage = isKnown ? undefined : keyRefusal(key, run);
	if (keyMessage !== undefined) {
		const keyStyle = position ? 'value' : 'specifier';
		report(run, frame, keyMessage, keyStyle, position ?? commandLine);
		return;
	}
	if (slot === undefined) {
		const message = `${renderPythonString(key)} is not a known key name`;
		const known = keyNames(frame.children);
		report(run, frame, message, style, place, {kind: 'unknown-key', name: key, known});
		return;
	}
	const entries = slot.map.get(name);
	if (entries === undefined) slot.map.set(name, [{value, position}]);
	else if (slot.isMulti) entries.push({value, position});
	else {
		const message = slot.isAny
			? `too many values for ${renderPythonString(key)}`
			: `${renderPythonString(key)} does not support multiple values`;
		report(run, frame, message, style, place);
	}
};

const keySlot = (
	frame: Frame,
	name: string,
): {map: Map<string, Entry[]>; isMulti: boolean; isAny: boolean} | undefined => {
	const child = Object.hasOwn(frame.children, name) ? frame.children[name] : undefined;
	if (child?.kind === 'key' || child?.kind === 'multikey') {
		return {map: frame.keys, isMulti: child.kind === 'multikey', isAny: false};
	}
	const any = Object.values(frame.children).find(other => other.kind === 'any-keys');
	if (any?.kind !== 'any-keys') return undefined;
	return {map: frame.anyKeys, isMulti: any.isMulti, isAny: true};
};

const keyNames = (children: Children): string[] =>
	Object.entries(children)
		.filter(([, child]) => child.kind === 'key' || child.kind === 'multikey')
		.map(([name]) => name);

/** The message for a name that no key can have. */
const keyRefusal = (key: string, {surroundings}: Run): string | undefined => {
	try {
		basicKey(key, surroundings);
		return undefined;
	} catch (error) {
		if (isConversionError(error)) return error.message;
		throw error;
	}
};
