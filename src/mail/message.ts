/** A message as it waits in the outbox: its words, but neither sender nor recipients, which are those of the conf when it leaves. */
export type Message = {
	/** Without angle brackets; the same at each attempt. */
	readonly id: string;
	/** Unix seconds. */
	readonly at: number;
	readonly subject: string;
	/** Whether it needs a person; others are dropped before it. */
	readonly isBad: boolean;
	readonly text: string;
	readonly html: string;
};

/** A message out of a file; undefined for anything else. */
export const parseMessage = (text: string): Message | undefined => {
	try {
		const value: unknown = JSON.parse(text);
		return isMessage(value) ? value : undefined;
	} catch {
		return undefined;
	}
};

const isMessage = (value: unknown): value is Message =>
	typeof value === 'object' &&
	value !== null &&
	'id' in value &&
	typeof value.id === 'string' &&
	'at' in value &&
	typeof value.at === 'number' &&
	'subject' in value &&
	typeof value.subject === 'string' &&
	'isBad' in value &&
	typeof value.isBad === 'boolean' &&
	'text' in value &&
	typeof value.text === 'string' &&
	'html' in value &&
	typeof value.html === 'string';
