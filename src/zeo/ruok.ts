import {type ExchangeOptions, exchange, type Unanswered} from './exchange.js';
import {createFrameReader, encodeFrame} from './frame.js';
import {parseHealthDocument, type StorageHealth} from './health-document.js';
import type {ZeoAddress} from './open-socket.js';

/** What came of one `ruok`. */
export type RuokResult =
	| {
			readonly result: 'healthy';
			/** Protocol that the server announces, such as `Z5`. */
			readonly announcement: string;
			readonly storages: ReadonlyMap<string, StorageHealth>;
	  }
	/** An answer that is not ZEO's. */
	| {readonly result: 'garbage'; readonly reason: string}
	| Unanswered;

const question = encodeFrame('ruok');

/**
 * Asks a ZEO server (4, 5 or 6) whether it is well; needs no registration and costs the server one line of its log
 * if it answers. Rejects only with the reason of `signal`; everything else is a result.
 */
export const askRuok = (address: ZeoAddress, options: ExchangeOptions): Promise<RuokResult> =>
	exchange<RuokResult>({
		...options,
		address,
		begin(socket) {
			socket.write(question);
			return undefined;
		},
		listen: createListener(),
	});

/** Takes the bytes of the server: first its announcement, then the document. */
const createListener = (): ((chunk: Buffer) => RuokResult | undefined) => {
	const reader = createFrameReader();
	let announcement: string | undefined;
	return chunk => {
		const {frames, oversized} = reader.push(chunk);
		for (const frame of frames) {
			if (announcement !== undefined) {
				return judgeDocument(announcement, frame.toString('utf8'));
			}

			announcement = frame.toString('latin1');
			if (!/^[A-Z]\d{1,4}$/.test(announcement)) {
				return {result: 'garbage', reason: 'the greeting is not one of ZEO'};
			}
		}

		return oversized === undefined
			? undefined
			: {
					result: 'garbage',
					reason: `the answer is not framed as ZEO does (${oversized} bytes announced)`,
				};
	};
};

const judgeDocument = (announcement: string, text: string): RuokResult => {
	const storages = parseHealthDocument(text);
	return storages === undefined
		? {result: 'garbage', reason: 'the answer is not a health document'}
		: {result: 'healthy', announcement, storages};
};
