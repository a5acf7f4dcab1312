/** The everyday commands that talk to a supervisor: the code for it is in a bundle of its own, to be read at once. */
export const dialogueCommands: readonly string[] = ['start', 'stop', 'restart', 'kill', 'wait'];

/** The commands that follow a file, with what that takes. */
export const followingCommands: readonly string[] = ['logtail'];
