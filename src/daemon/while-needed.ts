import type {Status} from '../control/messages.js';

type Watched = {
	readonly begin: () => void;
	readonly end: () => void;
};

/**
 * Has files watched except while the program is ending for good: the kernel lets a process go some 15 ms later that
 * has watches of files (inotify), or had them a moment before. A program that is wanted again gets them back. Begins
 * nothing at first: that is the caller's.
 */
export const watchWhileNeeded = ({begin, end}: Watched): ((status: Status) => void) => {
	let isOn = true;
	return ({state, wanted, reason}) => {
		// While it gives a reason, a stop waits for a pack and nothing is signalled.
		const isEnding = wanted === 'down' && state === 'stopping' && reason === null;
		if (isOn ? !isEnding : wanted === 'down') return;
		isOn = !isOn;
		(isOn ? begin : end)();
	};
};
