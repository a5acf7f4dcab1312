/** How much an outbox holds at most. */
export type Limits = {readonly messages: number; readonly bytes: number};

export const outboxLimits: Limits = {messages: 1000, bytes: 100 * 1024 ** 2};

/** A message in the outbox, as far as it matters for its room. */
export type Occupant = {
	readonly at: number;
	readonly isBad: boolean;
	readonly bytes: number;
	readonly place: 'waiting' | 'sending' | 'given-up';
};

/**
 * Which messages make room for one more: given up first, then good news, then the rest, the oldest of each. What is
 * being sent stays.
 */
export const planRoom = <Entry extends Occupant>(
	entries: readonly Entry[],
	incoming: number,
	limits: Limits = outboxLimits,
): readonly Entry[] => {
	const candidates = entries
		.filter(({place}) => place !== 'sending')
		.sort((left, right) => worth(left) - worth(right) || left.at - right.at);
	let messages = entries.length + 1;
	let bytes = entries.reduce((sum, entry) => sum + entry.bytes, incoming);
	const dropped: Entry[] = [];
	for (const entry of candidates) {
		if (messages <= limits.messages && bytes <= limits.bytes) break;
		dropped.push(entry);
		messages -= 1;
		bytes -= entry.bytes;
	}
	return dropped;
};

const worth = ({place, isBad}: Occupant): number => {
	if (place === 'given-up') return 0;
	return isBad ? 2 : 1;
};
