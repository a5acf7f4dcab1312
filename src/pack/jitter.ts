/**
 * How many seconds after its slot a run begins: between none and `most`, always the same for one slot of one
 * instance, so that a restart neither shortens nor doubles it, and different for the instances that share a
 * machine, a disk or a mail server.
 */
export const jitterOf = (slot: number, instance: string, most: number): number =>
	most <= 0 ? 0 : Math.floor((hash(`${instance} ${slot}`) / 2 ** 32) * most);

/** FNV-1a with the last step of MurmurHash3, because neighbouring slots differ in a few digits only. */
const hash = (text: string): number => {
	let value = 0x811c9dc5;
	for (const byte of Buffer.from(text)) value = Math.imul(value ^ byte, 0x01000193);
	value = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
	value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35);
	return (value ^ (value >>> 16)) >>> 0;
};

/** What tells an instance from others: machines share folders, and with them sockets of the same name. */
export const scheduleKey = (host: string, socketPath: string): string => `${host} ${socketPath}`;
