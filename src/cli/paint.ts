import type {System} from './system.js';

export type Colour = 'red' | 'green' | 'yellow' | 'faint' | 'bold';

/** A text in a colour, if stdout is a terminal that wants colours (https://no-color.org). */
export const paint = (
	{stdout, environment}: Pick<System, 'stdout' | 'environment'>,
	colour: Colour,
	text: string,
): string => {
	const plain =
		!stdout.isTerminal || Boolean(environment['NO_COLOR']) || environment['TERM'] === 'dumb';
	return plain ? text : `\x1b[${codes[colour]}m${text}\x1b[0m`;
};

const codes = {red: 31, green: 32, yellow: 33, faint: 2, bold: 1} satisfies Record<Colour, number>;
