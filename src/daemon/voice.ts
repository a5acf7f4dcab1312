import {renderForJournal} from '../systemd/journal.js';
import {isJournal} from '../systemd/service-environment.js';

/** How a supervisor says something; the level is one of Python's numbers. */
export type Voice = {
	/** Whether both go to the journal of systemd. */
	readonly isJournal: boolean;
	/** These throw where it cannot be said, for those who count what is lost. */
	readonly writeOutput: (text: string, level?: number) => void;
	readonly writeError: (text: string, level?: number) => void;
	/** To standard error. Never throws: nobody may listen any more. */
	readonly say: (text: string, level?: number) => void;
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
	if (!isJournal(environment, 1) || !isJournal(environment, 2)) {
		return {isJournal: false, writeOutput, writeError, say: quietly(writeError)};
	}
	const toError: Voice['writeError'] = (text, level = warning) =>
		writeError(renderForJournal(level, text));
	return {
		isJournal: true,
		writeOutput: (text, level = info) => writeOutput(renderForJournal(level, text)),
		writeError: toError,
		say: quietly(toError),
	};
};

const quietly =
	(write: Voice['writeError']): Voice['say'] =>
	(text, level) => {
		try {
			write(text, level);
		} catch {
			// A broken pipe, a full disk: there is no other place to say it.
		}
	};
