import {ZeoctlError} from '../platform/errors.js';
import {renderPythonString as quote} from '../platform/python-repr.js';
import type {Surroundings} from '../schema/datatypes.js';
import type {Overrides} from '../settings/settings.js';
import {convertFlag} from './flag-values.js';
import {type Option, splitOptions} from './getopt.js';

/** What stands before the action, understood; and everything from the action on, untouched. */
export type CommandLine = {
	/** `-h` or `--version` ends the command at once. */
	readonly asksFor: 'help' | 'version' | undefined;
	readonly overrides: Overrides;
	readonly json: boolean;
	/** The words before the action as they were typed, for a supervisor that is started with them. */
	readonly flags: readonly string[];
	readonly words: readonly string[];
};

type Values = {-readonly [Key in keyof Overrides]: Overrides[Key]};

/**
 * Understands a command line as zdaemon does: values are converted in the order in which they were typed, the
 * same flag twice is fine with the same value only. Throws usage errors in zdaemon's wording.
 */
export const parseArguments = (
	argv: readonly string[],
	surroundings: Surroundings,
): CommandLine => {
	const {options, rest} = splitOptions(argv);
	const flags = argv.slice(0, argv.length - rest.length);
	const values: Values = {};
	const specifiers: string[] = [];
	let json = false;

	for (const option of options) {
		if (option.spelling === '-h' || option.spelling === '--help')
			return {asksFor: 'help', overrides: values, json, flags, words: rest};
		if (option.spelling === '--version')
			return {asksFor: 'version', overrides: values, json, flags, words: rest};
		if (option.spelling === '--json') json = true;
		else if (option.spelling === '-X') specifiers.push(option.value);
		else setOnce(values, option, surroundings);
	}

	if (specifiers.length > 0) {
		if (values.configFile === undefined)
			throw new ZeoctlError(
				'USAGE',
				'configuration overrides (-X) cannot be used without a configuration file',
			);
		values.specifiers = specifiers;
	}
	return {asksFor: undefined, overrides: values, json, flags, words: rest};
};

const setOnce = (values: Values, option: Option, surroundings: Surroundings): void => {
	const converted = convertFlag(option, surroundings);
	for (const key of keysOf(converted)) {
		if (values[key] !== undefined && !isSame(values[key], converted[key]))
			throw new ZeoctlError('USAGE', `conflicting command line option ${quote(option.spelling)}`);
	}
	Object.assign(values, converted);
};

const keysOf = (values: Overrides): (keyof Overrides)[] =>
	Object.keys(values) as (keyof Overrides)[];

const isSame = (left: unknown, right: unknown): boolean =>
	Array.isArray(left) && Array.isArray(right)
		? left.length === right.length && left.every((item, index) => item === right[index])
		: left === right;
