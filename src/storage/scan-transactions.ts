import {setImmediate as letOthersRun} from 'node:timers/promises';
import type {ByteReader} from './data-file.js';
import {
	type Header,
	headerLength,
	isSound,
	lengthLength,
	magicLength,
	parseHeader,
	readLength,
} from './transaction-header.js';

/** What was found going through a data file from transaction to transaction. */
export type Scan = {
	/** Finished transactions. */
	readonly count: number;
	/** Of the last finished one, 16 hexadecimal digits; undefined while there is none. */
	readonly lastTid: string | undefined;
	/** Just behind the last finished one. */
	readonly end: number;
	/**
	 * What follows it: nothing; one that is voted for and not finished; one that the file ends in; or something that
	 * is no transaction.
	 */
	readonly rest: 'nothing' | 'unfinished' | 'torn' | 'damaged';
};

/** Where every file begins. */
export const scanFromStart: Scan = {
	count: 0,
	lastTid: undefined,
	end: magicLength,
	rest: 'nothing',
};

/** Transactions between two moments in which others may run. */
const patience = 10_000;

/**
 * Goes on from an earlier scan of the same file to its end, looking at both lengths of every transaction and at the
 * order of their ids. Rejects with the reason of the signal.
 */
export const scanTransactions = async (
	reader: ByteReader,
	earlier: Scan,
	{signal, onProgress}: {readonly signal: AbortSignal; readonly onProgress: (end: number) => void},
): Promise<Scan> => {
	let {count, lastTid, end} = earlier;
	for (;;) {
		const step = stepFrom(reader, end, lastTid);
		if ('rest' in step) return {count, lastTid, end, rest: step.rest};
		({tid: lastTid, end} = step);
		count += 1;
		if (count % patience !== 0) continue;
		onProgress(end);
		await letOthersRun();
		signal.throwIfAborted();
	}
};

type Step = {readonly tid: string; readonly end: number} | Pick<Scan, 'rest'>;

const stepFrom = (reader: ByteReader, start: number, lastTid: string | undefined): Step => {
	if (start === reader.size) return {rest: 'nothing'};
	const header = parseHeader(reader.read(start, headerLength), start);
	if (header === undefined) return {rest: 'torn'};
	const end = start + header.length + lengthLength;
	if (!mayFollow(header, lastTid)) return {rest: 'damaged'};
	if (header.status === 'c') return {rest: 'unfinished'};
	if (end > reader.size) return {rest: 'torn'};
	const isWhole =
		isSound(reader, header) &&
		readLength(reader.read(end - lengthLength, lengthLength), 0) === header.length;
	return isWhole ? {tid: header.tid, end} : {rest: 'damaged'};
};

const mayFollow = ({tid, status, length, ownLength}: Header, lastTid: string | undefined) =>
	' pcu'.includes(status) &&
	ownLength <= length &&
	Number.isSafeInteger(length) &&
	(lastTid === undefined || tid > lastTid);
