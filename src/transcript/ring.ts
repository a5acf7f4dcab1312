/** A queue of bytes of a fixed size: memory that does not grow, whatever comes in. */
export type Ring = {
	/** Bytes that are queued. */
	length(): number;
	/** Adds all of it, or nothing and answers false. */
	push(bytes: Buffer): boolean;
	/** The first bytes, at most so many, as one or two pieces; they stay valid until they are shifted. */
	peek(mostBytes: number): readonly Buffer[];
	/** Forgets the first bytes. */
	shift(bytes: number): void;
};

export const createRing = (capacity: number): Ring => {
	const memory = Buffer.allocUnsafeSlow(capacity);
	let start = 0;
	let length = 0;
	return {
		length: () => length,
		push(bytes) {
			if (bytes.length > capacity - length) return false;
			const end = (start + length) % capacity;
			const first = Math.min(bytes.length, capacity - end);
			bytes.copy(memory, end, 0, first);
			bytes.copy(memory, 0, first);
			length += bytes.length;
			return true;
		},
		peek(mostBytes) {
			const wanted = Math.min(mostBytes, length);
			const first = Math.min(wanted, capacity - start);
			const pieces = [memory.subarray(start, start + first), memory.subarray(0, wanted - first)];
			return pieces.filter(piece => piece.length > 0);
		},
		shift(bytes) {
			length -= bytes;
			// From the beginning again when empty: then only its first pages are ever touched.
			start = length === 0 ? 0 : (start + bytes) % capacity;
		},
	};
};
