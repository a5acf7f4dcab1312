import type {TranscriptState} from '../control/messages.js';

type Row = readonly [label: string, value: string];

/** What a person should know about the program's output, as rows of a status: nothing while all is well. */
export const transcriptRows = (transcript: TranscriptState | null): readonly Row[] => {
	if (transcript === null) return [];
	const {problem, linesLost} = transcript;
	return [
		...(problem === null ? [] : [['transcript', problem] as const]),
		...(linesLost === 0
			? []
			: [['lost', `${linesLost} lines of output could not be written`] as const]),
	];
};
