/** A generous limit for an operations client: ZEO itself knows none below 4 GiB. In bytes. */
export const maxFrameBytes = 16 * 1024 * 1024;

const headerBytes = 4;

/** What one chunk of bytes completed: whole frames in order, and the length of a frame above the limit. */
type FramesRead = {
	readonly frames: readonly Buffer[];
	/** Announced bytes of a frame that is refused; after it the stream cannot be read further. */
	readonly oversized: number | undefined;
};

export type FrameReader = {
	/** Takes the next bytes of the stream, however they were cut. */
	push(chunk: Uint8Array): FramesRead;
};

/** A frame of ZEO: the length of the body as 4 bytes, big-endian, then the body. */
export const encodeFrame = (body: string | Uint8Array): Buffer => {
	const bytes = Buffer.from(body);
	const frame = Buffer.allocUnsafe(headerBytes + bytes.length);
	frame.writeUInt32BE(bytes.length);
	frame.set(bytes, headerBytes);
	return frame;
};

/**
 * Cuts a stream into the bodies of its frames. Keeps what arrived and nothing more, whatever length a peer
 * announces, and reads nothing after a frame longer than `limitBytes`.
 */
export const createFrameReader = (limitBytes = maxFrameBytes): FrameReader => {
	let parts: Buffer[] = [];
	let available = 0;
	let wanted = headerBytes;
	let inHeader = true;
	let oversized: number | undefined;

	const take = (): Buffer => {
		const [first = Buffer.alloc(0), ...others] = parts;
		const bytes = others.length === 0 ? first : Buffer.concat(parts);
		parts = bytes.length > wanted ? [bytes.subarray(wanted)] : [];
		available -= wanted;
		return bytes.subarray(0, wanted);
	};

	/** Reads the header or the body that has arrived; gives the body. */
	const step = (): Buffer | undefined => {
		const bytes = take();
		inHeader = !inHeader;
		wanted = inHeader ? headerBytes : bytes.readUInt32BE();
		return inHeader ? bytes : undefined;
	};

	return {
		push(chunk) {
			const frames: Buffer[] = [];
			if (oversized !== undefined) {
				return {frames, oversized};
			}

			parts.push(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength));
			available += chunk.length;
			while (available >= wanted) {
				const frame = step();
				if (frame !== undefined) {
					frames.push(frame);
				}

				if (wanted > limitBytes) {
					oversized = wanted;
					parts = [];
					break;
				}
			}

			return {frames, oversized};
		},
	};
};
