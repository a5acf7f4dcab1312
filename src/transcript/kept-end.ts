/** The last bytes of a stream. */
export type KeptEnd = {
	add(piece: Buffer): void;
	content(): Buffer;
	forget(): void;
};

/** Moved only when the memory is full, for pieces may be small and many. */
export const keepEnd = (): KeptEnd => {
	const memory = Buffer.alloc(2 * keptBytes);
	let length = 0;
	return {
		add(piece) {
			const end = piece.subarray(Math.max(0, piece.length - keptBytes));
			if (end.length === keptBytes) length = 0;
			if (length + end.length > memory.length) {
				memory.copyWithin(0, length - keptBytes, length);
				length = keptBytes;
			}
			length += end.copy(memory, length);
		},
		content: () => Buffer.from(memory.subarray(Math.max(0, length - keptBytes), length)),
		forget() {
			length = 0;
		},
	};
};

const keptBytes = 16_384;
