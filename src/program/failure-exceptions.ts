import {comesFrom, type Exception, explain} from './exception.js';
import type {Failure, FailureEvidence} from './failure-kinds.js';
import {decodeSystemError} from './failure-system-errors.js';
import {renderInstall} from './python-command.js';
import {readPythonString} from './python-output.js';

/** What the exception that ended a ZEO server means. */
export const decodeException = (exception: Exception, evidence: FailureEvidence): Failure =>
	decodeLock(exception, evidence) ??
	decodeTls(exception) ??
	decodeSystemError(exception, evidence) ??
	decodeData(exception, evidence) ??
	decodeModule(exception, evidence) ?? {
		kind: exception.name === 'MemoryError' ? 'resources' : 'exception',
		cause:
			exception.name === 'MemoryError'
				? 'the program got no more memory'
				: `the program failed: ${renderException(exception)}`,
		subject: {},
		hint: exception.name === 'MemoryError' ? 'free -h' : undefined,
	};

const renderException = ({name, message}: Exception): string =>
	message === '' ? name : `${name}: ${message}`;

const decodeLock = ({name, message}: Exception, {server}: FailureEvidence) => {
	const file = /(?:^|\.)LockError$/.test(name) ? readPythonString(message) : undefined;
	if (file === undefined) {
		return undefined;
	}

	const data = file.replace(/\.lock$/, '');
	const users = server?.storages.filter(storage => storage.path === data) ?? [];
	return users.length > 1
		? explain({
				kind: 'configuration',
				cause: `the storages '${users.map(storage => storage.name).join("' and '")}' both use ${data}`,
				subject: {path: data},
				hint: 'give every storage a path of its own',
			})
		: explain({
				kind: 'lock-held',
				cause: `the storage ${data} is in use by another process (it holds ${file})`,
				subject: {path: file},
			});
};

const decodeTls = (exception: Exception): Failure | undefined =>
	/(?:^|\.)(?:SSLError|SSLCertVerificationError)$/.test(exception.name) ||
	comesFrom(exception, / ssl_config$|\/ssl\.py /)
		? explain({
				kind: 'tls',
				cause: `the <ssl> section cannot be used: ${explainTls(exception)}`,
				subject: {},
			})
		: undefined;

const explainTls = (exception: Exception): string => {
	const {message} = exception;
	if (message.includes('KEY_VALUES_MISMATCH')) {
		return 'the key does not belong to the certificate';
	}

	if (message.includes('NO_CERTIFICATE_OR_CRL_FOUND')) {
		return 'the file of `authenticate` holds no certificate';
	}

	return exception.name === 'FileNotFoundError'
		? 'a file that it names does not exist'
		: renderException(exception);
};

/** ZODB's own error, or any other that is raised while it reads a Data.fs. */
const decodeData = (exception: Exception, {server}: FailureEvidence): Failure | undefined => {
	const {name, message} = exception;
	const isFormat = /(?:^|\.)FileStorageFormatError$/.test(name);
	const isCorrupted = /(?:^|\.)Corrupted\w*Error$/.test(name);
	if (!isFormat && !isCorrupted && !comesFrom(exception, /\/ZODB\/(?:FileStorage\/|fsIndex)\S* /)) {
		return undefined;
	}

	const paths = server?.storages.flatMap(storage => storage.path ?? []) ?? [];
	const named = paths.find(candidate => message.includes(candidate));
	const file = isFormat ? message : (named ?? (paths.length === 1 ? paths[0] : undefined));
	return explain({
		kind: 'data-unreadable',
		cause: `${file ?? 'a storage'} cannot be read as a FileStorage${isFormat ? '' : ` (${renderException(exception)})`}`,
		subject: {...(file !== undefined && {path: file})},
	});
};

const decodeModule = ({name, message}: Exception, {argv}: FailureEvidence) => {
	const found = /^No module named '([^']+)'/.exec(message)?.[1];
	const module = found?.split('.')[0];
	return module === undefined || !/^(?:ModuleNotFound|Import)Error$/.test(name)
		? undefined
		: explain({
				kind: 'missing-module',
				cause: `the Python package of the module '${found}' is not installed where the program looks`,
				subject: {module},
				hint: renderInstall(module, argv),
			});
};
