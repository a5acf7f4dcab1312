/** What a Python program said about its own failure. */
export type PrintedError =
	/** `Error: ...` of an option parser, such as runzeo's and ZConfig's; lines joined. */
	| {readonly printed: 'error'; readonly message: string}
	/** The last line of a traceback that ended the program. */
	| {
			readonly printed: 'exception';
			/** With its module, such as `zc.lockfile.LockError`. */
			readonly name: string;
			readonly message: string;
			/** `file function` of each call, outermost first. */
			readonly frames: readonly string[];
	  };

/** The last error in a program's output, or undefined. The beginning of the output may be missing. */
export const findPrintedError = (output: readonly string[]): PrintedError | undefined => {
	for (let index = output.length - 1; index >= 0; index--) {
		const found = readError(output, index) ?? readException(output, index);
		if (found !== undefined) {
			return found;
		}
	}

	return undefined;
};

const readError = (output: readonly string[], index: number): PrintedError | undefined => {
	const first = /^Error: (.*)$/.exec(output[index] ?? '')?.[1];
	if (first === undefined) {
		return undefined;
	}

	const rest = output.slice(index + 1);
	const end = rest.findIndex(line => line.startsWith('For help, use '));
	return {printed: 'error', message: [first, ...rest.slice(0, Math.max(0, end))].join('\n')};
};

const readException = (output: readonly string[], index: number): PrintedError | undefined => {
	const found = /^([A-Za-z_][\w.]*)(?:: (.*))?$/.exec(output[index] ?? '');
	const [, name, message = ''] = found ?? [];
	if (name === undefined || !isInTraceback(output[index - 1])) {
		return undefined;
	}

	let start = index - 1;
	while (start > 0 && isInTraceback(output[start])) {
		start--;
	}

	// An exception in a destructor at exit, which harms nobody: asyncio prints one when a ZEO server stops.
	return output[start - 1]?.startsWith('Exception ignored in')
		? undefined
		: {
				printed: 'exception',
				name,
				message,
				frames: output.slice(start, index).flatMap(readFrame),
			};
};

const isInTraceback = (line = ''): boolean => line.startsWith('  ');

const readFrame = (line: string): readonly string[] => {
	const [, file, name] = /^ {2}File "(.+)", line \d+, in (.+)$/.exec(line) ?? [];
	return file === undefined ? [] : [`${file} ${name}`];
};

/** The value of the last Python string literal in a text, as `repr` writes paths; undefined without one. */
export const readPythonString = (text: string): string | undefined => {
	const [, , body] = /(['"])((?:\\.|(?!\1)[^\\])*)\1[^'"]*$/.exec(text) ?? [];
	return body?.replace(/\\(?:x(..)|u(....)|U(.{8})|(.))/g, readEscape);
};

const readEscape = (
	_all: string,
	...[x, u, long, letter = '']: readonly (string | undefined)[]
) => {
	const digits = x ?? u ?? long;
	const code = digits === undefined ? Number.NaN : Number.parseInt(digits, 16);
	return code <= 0x10_ff_ff
		? String.fromCodePoint(code)
		: ({n: '\n', t: '\t', r: '\r'}[letter] ?? letter);
};
