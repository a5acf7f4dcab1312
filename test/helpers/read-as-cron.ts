/** What Debian's cron does to a command (do_command.c): the first bare % ends it, a backslash before it goes. */
export const readAsCron = (command: string): string => {
	let read = '';
	let isEscaped = false;
	for (const character of command) {
		if (!isEscaped && character === '%') return read;
		if (isEscaped && character === '%') read = read.slice(0, -1);
		read += character;
		isEscaped = !isEscaped && character === '\\';
	}
	return read;
};
