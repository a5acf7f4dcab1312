/** A whole transaction record, as ZODB lays it out, with one object of `bytes` bytes, for the place `start` of a file. */
export const transactionAt = (
	start: number,
	number: number,
	{bytes = 100, status = ' '}: {readonly bytes?: number; readonly status?: string} = {},
): Buffer => {
	const header = Buffer.alloc(23);
	const object = Buffer.alloc(42 + bytes, number % 256);
	const length = header.length + object.length;
	header.writeUInt32BE(0x03f10000, 0);
	header.writeUInt32BE(number, 4);
	header.writeUInt32BE(length, 12);
	header.write(status, 16, 'latin1');
	object.fill(0, 0, 42);
	object.writeUInt32BE(number, 12);
	object.writeUInt32BE(start, 28);
	object.writeUInt32BE(bytes, 38);
	const end = Buffer.alloc(8);
	end.writeUInt32BE(length, 4);
	return Buffer.concat([header, object, end]);
};

/** A file of so many transactions, and their ids. */
export const dataFileOf = (
	count: number,
	options?: {readonly bytes?: number},
): {readonly bytes: Buffer; readonly tids: readonly string[]} => {
	const parts: Buffer[] = [Buffer.from('FS30')];
	const tids: string[] = [];
	let end = 4;
	for (let number = 1; number <= count; number++) {
		const record = transactionAt(end, number, options);
		tids.push(record.toString('hex', 0, 8));
		parts.push(record);
		end += record.length;
	}
	return {bytes: Buffer.concat(parts), tids};
};
