import {createSigner} from './digest.js';
import {type FrameReader, maxFrameBytes} from './frame.js';

const headerBytes = 4;
const macBytes = 20;
/** The top bit of the length says that a signature follows it (ZEO 4, `ZEO/zrpc/smac.py`). */
const signedFlag = 0x8000_0000;

/** Frames as both sides of an authenticated ZEO 4 connection sign them. */
export const createFrameSigner = (key: Uint8Array): ((body: Uint8Array) => Buffer) => {
	const sign = createSigner(key);
	return body => {
		const header = Buffer.alloc(headerBytes);
		header.writeUInt32BE(signedFlag + body.length);
		return Buffer.concat([header, sign(body), body]);
	};
};

/** Reads what the other side has signed. Throws an Error at a frame that it has not. */
export const createSignedFrameReader = (key: Uint8Array): FrameReader => {
	const sign = createSigner(key);
	let rest = Buffer.alloc(0);
	return {
		push(chunk) {
			rest = Buffer.concat([rest, chunk]);
			const frames: Buffer[] = [];
			while (rest.length >= headerBytes) {
				const header = rest.readUInt32BE();
				const length = header & 0x7fff_ffff;
				if (header < signedFlag) throw new Error('the server did not sign its answer');
				if (length > maxFrameBytes) return {frames, oversized: length};
				const end = headerBytes + macBytes + length;
				if (rest.length < end) break;
				const body = rest.subarray(headerBytes + macBytes, end);
				if (!sign(body).equals(rest.subarray(headerBytes, headerBytes + macBytes)))
					throw new Error('the signature of the server is wrong');
				frames.push(body);
				rest = rest.subarray(end);
			}
			return {frames, oversized: undefined};
		},
	};
};
