import path from 'node:path';
import {renderShellCommand} from '../platform/shell-word.js';
import type {NetworkAddress} from '../settings/settings.js';
import {comesFrom, type Exception, explain} from './exception.js';
import type {Failure, FailureEvidence} from './failure-kinds.js';
import {readAddress, renderAddress} from './failure-messages.js';
import {readPythonString} from './python-output.js';

/** What an `OSError` means by its number (errno(3)), and a name that does not resolve. */
export const decodeSystemError = (exception: Exception, evidence: FailureEvidence) => {
	const {name, message} = exception;
	if (/(?:^|\.)gaierror$/.test(name)) {
		const address = evidence.server?.zeo.address;
		const host = address?.family === 'unix' ? undefined : address?.host;
		return explain({
			kind: 'address-unknown',
			cause: `the host ${host === undefined ? 'of the address' : `'${host}'`} is not known: ${message}`,
			subject: {...(address && {address})},
			...(host !== undefined && {hint: renderShellCommand(['getent', 'hosts', host])}),
		});
	}

	const errno = Number(/^\[Errno (\d+)\]/.exec(message)?.[1] ?? Number.NaN);
	return (
		decodeBind(exception, errno, evidence) ??
		decodeFileError({errno, message, file: readPythonString(message)})
	);
};

/** `bind` of asyncio: it names a TCP address, but of a Unix socket only the error. */
const decodeBind = (exception: Exception, errno: number, {server}: FailureEvidence) => {
	const printed = /bind on address (\(.+?\)|'.+?')/.exec(exception.message)?.[1];
	const isUnix = comesFrom(exception, / create_unix_server$/);
	const address = printed === undefined ? undefined : readAddress(printed);
	const configured = server?.zeo.address;
	if (address === undefined) {
		return isUnix ? decodeUnixBind(errno, configured) : undefined;
	}

	const shown = renderAddress(address);
	const subject = {address};
	switch (errno) {
		case 98:
			return explain({
				kind: 'address-in-use',
				cause: `the address ${shown} is already in use`,
				subject,
			});
		case 99:
			return explain({
				kind: 'address-not-local',
				cause: `the address ${shown} does not belong to this machine`,
				subject,
				hint: 'ip -brief address',
			});
		case 13:
			return explain({
				kind: 'address-forbidden',
				cause: `the address ${shown} may be used by root only (a port below 1024)`,
				subject,
				hint: 'choose a port from 1024 upwards',
			});
		default:
			return undefined;
	}
};

const decodeUnixBind = (errno: number, address: NetworkAddress | undefined) => {
	if (address?.family !== 'unix') {
		return undefined;
	}

	const folder = path.dirname(address.path);
	switch (errno) {
		case 98:
			return explain({
				kind: 'address-in-use',
				cause: `the address ${address.path} is already in use`,
				subject: {address},
			});
		case 2:
			return explain({
				kind: 'missing-folder',
				cause: `the folder ${folder} of the server's socket does not exist`,
				subject: {path: folder, address},
				hint: renderShellCommand(['mkdir', '-p', folder]),
			});
		case 13:
			return explain({
				kind: 'permission',
				cause: `the server's socket ${address.path} may not be made`,
				subject: {path: address.path, address},
			});
		default:
			return undefined;
	}
};

type FileError = {
	readonly errno: number;
	readonly message: string;
	readonly file: string | undefined;
};

const decodeFileError = ({errno, message, file}: FileError): Failure | undefined => {
	const subject = {...(file !== undefined && {path: file})};
	const at = file === undefined ? '' : ` (${file})`;
	switch (errno) {
		case 1:
		case 13:
			return explain({
				kind: 'permission',
				cause: `the program may not use ${file ?? 'a file that it needs'}`,
				subject,
			});
		case 2:
			return file === undefined
				? undefined
				: explain({
						kind: 'missing-file',
						cause: `${file} does not exist`,
						subject,
						hint: renderShellCommand(['ls', '-ld', path.dirname(file)]),
					});
		case 20:
		case 21:
			return explain({
				kind: 'configuration',
				cause: `${file ?? 'a path'} is ${errno === 21 ? 'a folder, not a file' : 'below a file that is not a folder'}`,
				subject,
				hint: 'correct the path in the configuration',
			});
		case 28:
		case 122:
			return explain({
				kind: 'disk-full',
				cause: `${errno === 28 ? 'no space is left on the disk' : 'the disk quota is used up'}${at}`,
				subject,
			});
		case 27:
			return explain({
				kind: 'resources',
				cause: `a file reached the size limit of this process${at}`,
				subject,
				hint: 'ulimit -f',
			});
		case 5:
		case 30:
			return explain({
				kind: 'disk-trouble',
				cause: `${errno === 5 ? 'the disk reports an input/output error' : 'the file system is mounted read-only'}${at}`,
				subject,
				hint: 'journalctl -k -p warning -n 20',
			});
		case 23:
		case 24:
			return explain({
				kind: 'resources',
				cause: `the program may not open any more files${at}`,
				subject,
				hint: 'ulimit -n',
			});
		case 12:
			return explain({
				kind: 'resources',
				cause: `the program got no more memory: ${message}`,
				subject,
				hint: 'free -h',
			});
		default:
			return undefined;
	}
};
