import {parseMailbox} from '../platform/mailbox.js';
import {renderPythonString} from '../platform/python-repr.js';
import {ConversionError} from './conversion-error.js';
import type {Datatype} from './datatypes.js';

/** `admin@example.org`, `root` or `The Admins <admin@example.org>`. */
export const mailAddress: Datatype<string> = text => {
	if (parseMailbox(text) !== undefined) return text;
	throw new ConversionError(`not a valid mail address: ${renderPythonString(text)}`);
};

/** The name or address of a machine, without a port. */
export const hostName: Datatype<string> = text => {
	if (/^[\w.:%-]+$/.test(text) && !/^[^:]*:[^:]*$/.test(text)) return text;
	throw new ConversionError(
		`not a valid host name (a port has a key of its own): ${renderPythonString(text)}`,
	);
};

/** Its value is not repeated in the message: who knows the address may ping it. */
export const webAddress: Datatype<string> = text => {
	const isWeb = /^https?:\/\/[^\s\u0000-\u001f]+$/.test(text) && URL.canParse(text);
	if (isWeb) return text;
	throw new ConversionError('not a valid http or https address');
};

/** A program that is run without a shell and without a search. */
export const programPath: Datatype<string> = text => {
	if (text.startsWith('/') && !text.includes('\0')) return text;
	throw new ConversionError(
		`not an absolute path of a program without arguments: ${renderPythonString(text)}`,
	);
};

/** Refuses a `<mail>` section by which no mail could leave. */
export const checkMail = ({
	server,
	sendmail,
	user,
	port,
	'password-file': passwordFile,
}: {
	readonly server: string | undefined;
	readonly sendmail: string | undefined;
	readonly user: string | undefined;
	readonly port: number | undefined;
	readonly 'password-file': string | undefined;
}): void => {
	if (server === undefined && sendmail === undefined)
		throw new ConversionError("<mail> needs a 'server' or a 'sendmail'");
	if (server !== undefined && sendmail !== undefined)
		throw new ConversionError("<mail> has a 'server' and a 'sendmail'; only one of them can send");
	if (sendmail !== undefined && (user ?? port ?? passwordFile) !== undefined)
		throw new ConversionError("'port', 'user' and 'password-file' need a 'server'");
	if (passwordFile !== undefined && user === undefined)
		throw new ConversionError("'password-file' needs a 'user'");
};
