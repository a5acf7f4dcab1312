/**
 * When a transaction was committed, in Unix seconds. `tid` is a transaction id as 16 hexadecimal digits: minutes in
 * a calendar whose months all have 31 days, then a fraction of a minute (`persistent.TimeStamp`).
 */
export const transactionTime = (tid: string): number => {
	const minutes = Number.parseInt(tid.slice(0, 8), 16);
	const seconds = (Number.parseInt(tid.slice(8, 16), 16) * 60) / 2 ** 32;
	const hours = Math.floor(minutes / 60);
	const days = Math.floor(hours / 24);
	const months = Math.floor(days / 31);
	const year = 1900 + Math.floor(months / 12);
	return Date.UTC(year, months % 12, (days % 31) + 1, hours % 24, minutes % 60) / 1000 + seconds;
};

/** The same for people, in UTC: `2026-11-22 23:13:18 UTC`. */
export const renderTransactionTime = (tid: string): string => renderUtc(transactionTime(tid));

/** Unix seconds for people, in UTC. */
export const renderUtc = (unixSeconds: number): string =>
	`${new Date(Math.floor(unixSeconds) * 1000).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
