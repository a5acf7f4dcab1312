/**
 * A short name for the content of a file, to see whether it has changed: FNV-1a in two lanes, and the length. Not
 * cryptographic: reading Node's crypto would cost more than all else that a start does.
 */
export const digestOf = (content: Uint8Array): string => {
	let one = 0x811c9dc5;
	let other = 0x01000193;
	for (const byte of content) {
		one = Math.imul(one ^ byte, 0x01000193);
		other = Math.imul(other ^ byte, 0x85ebca6b);
	}
	const lanes = Buffer.alloc(8);
	lanes.writeUInt32BE(one >>> 0, 0);
	lanes.writeUInt32BE(other >>> 0, 4);
	// A number's own toString(16) divides doubles, and keeps 140 KB of the C library for it.
	return `${content.length}-${lanes.toString('hex')}`;
};
