import {encodePickle, type PickleInput} from './pickle.js';
import {decodePickle, type PickledName, type PickleValue} from './unpickle.js';

/** What a server sends after the handshake. */
export type ServerMessage =
	| {readonly is: 'reply'; readonly id: number; readonly value: PickleValue}
	| {readonly is: 'exception'; readonly id: number; readonly exception: ServerException}
	/** A one-way message, such as `info` and `invalidateTransaction`. */
	| {readonly is: 'notification'; readonly name: string; readonly args: readonly PickleValue[]};

/** What a call has raised in the server. */
export type ServerException = {
	/** The dotted name of the class, as the server tells it. */
	readonly className: string;
	/** The arguments, or the attributes, of the exception. */
	readonly detail: PickleValue;
};

/** A call that wants a reply. `id` is unique among those that are open. */
export const encodeCall = (id: number, method: string, args: readonly PickleInput[]): Buffer =>
	encodePickle([id, false, method, args]);

/** Tells a server of ZEO 5 and 6 that we are alive; it never answers. */
export const heartbeat = encodePickle([-1, 0, '.reply', null]);

const raised = 2;

/** What the body of a frame says. Throws an Error with one sentence when it is not a message of ZEO. */
export const parseMessage = (body: Uint8Array): ServerMessage => {
	const message = decodePickle(body);
	if (!Array.isArray(message) || message.length !== 4)
		throw new Error('it is not a message of ZEO');
	const [id, flag, name, content]: readonly (PickleValue | undefined)[] = message;
	if (typeof id !== 'number' || typeof name !== 'string' || content === undefined)
		throw new Error('it is not a message of ZEO');
	if (name !== '.reply')
		return {is: 'notification', name, args: Array.isArray(content) ? content : [content]};
	const exception = flag === raised ? newException(content) : oldException(content);
	return exception === undefined
		? {is: 'reply', id, value: content}
		: {is: 'exception', id, exception};
};

/** ZEO 5 and 6: a text and what belongs to it. */
const newException = (content: PickleValue): ServerException => {
	const [className, detail]: readonly (PickleValue | undefined)[] = Array.isArray(content)
		? content
		: [];
	return {
		className: typeof className === 'string' ? className : 'an exception without a name',
		detail: detail ?? null,
	};
};

/** ZEO 4: a pair of the class and the instance. */
const oldException = (content: PickleValue): ServerException | undefined => {
	if (!Array.isArray(content) || content.length !== 2) return undefined;
	const [first, instance]: readonly (PickleValue | undefined)[] = content;
	return isName(first) ? {className: first.name, detail: detailOf(instance)} : undefined;
};

const isName = (value: PickleValue | undefined): value is PickledName =>
	typeof value === 'object' && value !== null && 'is' in value && value.is === 'name';

const detailOf = (instance: PickleValue | undefined): PickleValue =>
	typeof instance === 'object' && instance !== null && 'is' in instance && instance.is === 'object'
		? instance.args
		: (instance ?? null);
