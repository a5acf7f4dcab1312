/** What we speak: pickles to ZEO 5 and 6, and to ZEO 4. */
export type Protocol = 'Z5' | 'Z4';

/**
 * The answer to what a server announces: `Z5` to every ZEO 5 and 6, also where it announces msgpack (`M5`), as a
 * server obeys its client's letter; `Z4` to a ZEO 4. Undefined for anything else.
 */
export const chooseProtocol = (announcement: string): Protocol | undefined => {
	if (/^[ZM]5$/.test(announcement)) return 'Z5';
	return announcement === 'Z4' ? 'Z4' : undefined;
};
