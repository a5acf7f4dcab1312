import {renderForJournal} from '../systemd/journal.js';
import {isJournal} from '../systemd/service-environment.js';

/** How a supervisor says something; the level is one of Python's numbers. Never throws: nobody may listen any more. */
export type Voice = {
	/** Whether both go to the journal of systemd. */
	readonly isJournal: boolean;
	readonly writeOutput: (text: string, level?: number) => void;
	readonly writeError: (text: string, level?: number) => void;
};

const info = 20;
const warning = 30;

/** Where the journal listens, our own words carry their priority. */
export const chooseVoice = ({
	environment,
	writeOutput,
	writeError,
}: Pick<Voice, 'writeOutput' | 'writeError'> & {
	readonly environment: Readonly<Record<string, string | undefined>>;
}): Voice => {
	const [toOutput, toError] = [quietly(writeOutput), quietly(writeError)];
	if (!isJournal(environment, 1) || !isJournal(environment, 2)) {
		return {isJournal: false, writeOutput: toOutput, writeError: toError};
	}
	return {
		isJournal: true,
		writeOutput: (text, level = info) => toOutput(renderForJournal(level, text)),
		writeError: (text, level = warning) => toError(renderForJournal(level, text)),
	};
};

const quietly =
	(write: Voice['writeOutput']): Voice['writeOutput'] =>
	(text, level) => {
		try {
			write(text, level);
		} catch {
			// A broken pipe, a full disk: there is no other place to say it.
		}
	};
