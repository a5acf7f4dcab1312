/**
 * Every way in which a command can fail, by code: what it means, in one line. The README's troubleshooting
 * table is compared with this catalogue in both directions.
 */
export const errorCatalogue = {
	USAGE: 'the command line cannot be understood',
	CONFIGURATION: 'the configuration cannot be used',
	NOT_RUNNING: 'nothing is running that could be asked',
	PERMISSION: 'the operating system denies access',
	SOCKET_UNUSABLE: 'the control socket cannot be used at this path',
	SUPERVISOR_HUNG: 'the supervisor accepts the connection but does not answer in time',
	ALREADY_SUPERVISED: 'another supervisor owns this control socket',
	PROTOCOL: 'the other side does not speak the control protocol',
	PROGRAM_UNUSABLE: 'the program cannot be executed',
	START_REFUSED: 'starting the program could do harm, such as a second server on one database',
	START_FAILED: 'the program ended before it was ready',
	START_TIMEOUT: 'the program did not get ready in time',
	DATA_LOSS: 'a deleted database would be lost with the program that still has it open',
	RESCUE: 'the file that a server holds cannot be copied',
	RELOAD_FAILED: 'the program could not be given to a new supervisor, and stays with the old one',
	TRANSCRIPT: 'the transcript cannot be reopened',
	MAIL: 'a mail or a report cannot be had',
	AUTHENTICATION: 'a password or a certificate cannot be had',
	SCAFFOLD: 'an instance, or its Python environment, cannot be made',
	INTERNAL: 'a defect of zeoctl itself',
} as const;

export type ErrorCode = keyof typeof errorCatalogue;

const brand = Symbol.for('zeoctl.error');

/**
 * An expected failure: `message` reads `cannot <what was tried>: <why>`, `hint` is the next thing to type; before it
 * comes the same command, where it would do for the user `asUser`. `place` is the folder that is missing, or, with `asUser`,
 * the path that may not be used: whoever knows the user of the instance knows better what to type about it.
 * Recognised by a brand, not by class, because the client and its chunks are bundled separately.
 */
export class ZeoctlError extends Error {
	readonly code: ErrorCode;
	readonly hint: string | undefined;
	readonly asUser: string | undefined;
	readonly place: string | undefined;

	constructor(
		code: ErrorCode,
		message: string,
		options: {cause?: unknown; hint?: string; asUser?: string; place?: string} = {},
	) {
		super(message, {cause: options.cause});
		this.name = 'ZeoctlError';
		this.code = code;
		this.hint = options.hint;
		this.asUser = options.asUser;
		this.place = options.place;
		Object.defineProperty(this, brand, {value: true});
	}
}

/** Whether a thrown value is one of ours, whichever bundle its class came from. */
export const isZeoctlError = (error: unknown): error is ZeoctlError =>
	typeof error === 'object' && error !== null && brand in error;

/** The `code` of a system error (`ENOENT`), or undefined for anything else. */
export const systemErrorCode = (error: unknown): string | undefined =>
	error instanceof Error && 'code' in error && typeof error.code === 'string'
		? (unnamed[error.code]?.code ?? error.code)
		: undefined;

/** The text of anything that was thrown. */
export const errorMessage = (error: unknown): string => {
	const text = error instanceof Error ? error.message : String(error);
	const [name = ''] = /^Unknown system error -\d+/.exec(text) ?? [];
	const known = unnamed[name];
	return known ? text.replace(`${name}: ${name}`, `${known.code}: ${known.text}`) : text;
};

/** What the operating system says, without Node's code before it and call behind it: `no space left on device`. */
export const systemReason = (error: unknown): string =>
	/^E[A-Z0-9]+: ([^,]+)/.exec(errorMessage(error))?.[1] ?? errorMessage(error);

/** What Node has no names for, of errno(3) on Linux. */
const unnamed: Readonly<Record<string, {readonly code: string; readonly text: string}>> = {
	'Unknown system error -116': {code: 'ESTALE', text: 'stale file handle'},
	'Unknown system error -122': {code: 'EDQUOT', text: 'disk quota exceeded'},
};
