/** The everyday commands that talk to a supervisor: the code for it is in a bundle of its own, to be read at once. */
export const dialogueCommands: readonly string[] = ['start', 'stop', 'restart', 'kill', 'wait'];

/** The commands that follow a file, with what that takes. */
export const followingCommands: readonly string[] = ['logtail'];

/** The bundle that a command line needs, and the name for what is kept of V8's work on it. */
export type ClientPart = {
	readonly part: 'client' | 'dialogue' | 'follower';
	/** An everyday command, of which nothing is kept but what it runs itself; all others share. */
	readonly keptFor: string;
};

/** All parts know all commands: a word that only looks like one costs a moment, no more. */
export const chooseClientPart = (words: readonly string[]): ClientPart => {
	const find = (names: readonly string[]) => words.find(word => names.includes(word));
	const following = find(followingCommands);
	if (following !== undefined) return {part: 'follower', keptFor: following};
	const dialogue = find(dialogueCommands);
	if (dialogue !== undefined) return {part: 'dialogue', keptFor: dialogue};
	return {part: 'client', keptFor: find(['status']) ?? 'others'};
};
