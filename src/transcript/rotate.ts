import fs from 'node:fs';
import path from 'node:path';
import {cutHead} from './cut.js';
import type {CutRefusal, CutResult, CutStep} from './cut-steps.js';
import {findName, isNameOf, type LiveSource, objectionToWriter, openLive} from './live-file.js';

/**
 * Moves all that the program has written so far into `NAME.1`, after `NAME.1` became `NAME.2` and so on; of
 * these, `oldFiles` (at least 1) are kept. The program goes on writing to the same file. `refused` says why
 * nothing was done.
 */
export const rotateTranscript = async ({
	path: file,
	runDirectory,
	oldFiles,
	at = new Date(),
	onStep = () => {},
	...source
}: LiveSource & {
	readonly path: string;
	readonly runDirectory: string;
	readonly oldFiles: number;
	readonly at?: Date;
	readonly onStep?: (step: CutStep) => void | Promise<void>;
}): Promise<CutResult | CutRefusal> => {
	const live = openLive(source);
	if ('refused' in live) return live;
	try {
		const outcome = await cutHead({live, runDirectory, at, onStep}, () => {
			const refuse = (refused: string) => ({instead: {refused}});
			if (!isNameOf(file, live)) return refuse('the file was renamed; reopen it first');
			if (fs.fstatSync(live.descriptor).size === 0) return refuse('the file is empty');
			const objection =
				source.programPid === undefined ? undefined : objectionToWriter(source.programPid, live);
			if (objection !== undefined) return refuse(objection);
			// Behind a symbolic link, the old files stand beside the real one.
			const liveName = findName(live, path.dirname(file)) ?? fs.realpathSync(file);
			const rotatedName = `${path.basename(liveName)}.1`;
			return {kind: 'rotate', path: file, liveName, rotatedName, oldFiles} as const;
		});
		return 'instead' in outcome ? outcome.instead : outcome;
	} finally {
		live.close();
	}
};
