import {getSystemErrorMap} from 'node:util';
import type {ServerException} from './message.js';
import type {PickleValue} from './unpickle.js';

/** What an exception of a server comes to, for those who act on it. */
type ExceptionKind = 'unknown-storage' | 'read-only' | 'already-packing' | 'disk-full' | 'other';

/** An exception of a server as what it means, and one sentence without a full stop. */
export type ExplainedException = {readonly kind: ExceptionKind; readonly text: string};

/** What an exception means. Decided by its class; the rest is shown as it is, in one bounded line. */
export const explainException = ({className, detail}: ServerException): ExplainedException => {
	const name = className.replace(/^.*\./, '');
	const text = renderDetail(detail);
	const unknown = /^unknown storage: (.*)$/.exec(text);
	if (name === 'ValueError' && unknown)
		return {kind: 'unknown-storage', text: `the server has no storage '${unknown[1]}'`};
	if (name === 'ReadOnlyError')
		return {kind: 'read-only', text: 'the server has the storage open for reading only'};
	if (name === 'FileStorageError' && text === 'Already packing')
		return {kind: 'already-packing', text: 'the server is packing this storage already'};
	if (name === 'OSError' || name === 'IOError') return explainSystemError(detail, text);
	if (name === 'POSKeyError')
		return {kind: 'other', text: `the storage lacks an object that others refer to: ${text}`};
	if (name === 'TypeError')
		return {kind: 'other', text: `the server does not take this call: ${text}`};
	return {kind: 'other', text: `the server raised ${bounded(className)}${text && `: ${text}`}`};
};

const explainSystemError = (detail: PickleValue, text: string): ExplainedException => {
	const [code, message]: readonly (PickleValue | undefined)[] = Array.isArray(detail) ? detail : [];
	if (code === noSpace || code === quotaExceeded)
		return {kind: 'disk-full', text: 'no space is left on the disk of the server'};
	const reason = typeof message === 'string' ? bounded(message) : text;
	const system = typeof code === 'number' ? getSystemErrorMap().get(-code)?.[0] : undefined;
	return {
		kind: 'other',
		text: `the server cannot use its files: ${reason}${system ? ` (${system})` : ''}`,
	};
};

/** ENOSPC and EDQUOT of Linux, where servers are. */
const noSpace = 28;
const quotaExceeded = 122;

const mostCharacters = 500;

/** Never longer than a person reads, nor on more than one line. */
const bounded = (text: string): string => {
	const line = text.replace(/\s+/g, ' ').trim();
	return line.length > mostCharacters ? `${line.slice(0, mostCharacters)}...` : line;
};

const renderDetail = (detail: PickleValue): string => bounded(renderParts(detail, 3));

const renderParts = (value: PickleValue, depth: number): string => {
	if (value === null) return '';
	if (typeof value !== 'object') return String(value);
	if (Buffer.isBuffer(value)) return `0x${value.toString('hex', 0, 64)}`;
	if (depth === 0) return '...';
	const inner = (part: PickleValue): string => renderParts(part, depth - 1);
	if (isDict(value))
		return [...value]
			.slice(0, mostParts)
			.map(([key, part]) => `${inner(key)} ${inner(part)}`)
			.join(', ');
	if ('is' in value)
		return value.is === 'name' ? value.name : `${value.made.name} ${inner(value.args)}`;
	return value.slice(0, mostParts).map(inner).join(', ');
};

const mostParts = 20;

const isDict = (value: PickleValue): value is ReadonlyMap<PickleValue, PickleValue> =>
	value instanceof Map;
