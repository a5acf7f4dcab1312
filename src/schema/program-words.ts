import {isPythonSpace, skipSpace, wordEnd} from '../zconfig/python-text.js';

/**
 * The words of a command line. A quoted span that starts where a word starts, ends where a word ends and holds
 * white space is one word, without its quotes. Every other quote is an ordinary character, so that lines written for
 * plain splitting at white space keep their words.
 */
export const splitProgram = (text: string): string[] => {
	const words: string[] = [];
	const closingQuote = quoteFinder(text);
	for (let start = skipSpace(text, 0); start < text.length; ) {
		const plainEnd = wordEnd(text, start);
		const quote = text.charAt(start);
		const close = quote === '"' || quote === "'" ? closingQuote(quote, start + 1) : -1;
		// A closing quote inside the first plain word holds no white space.
		const isSpan = close >= plainEnd;
		words.push(isSpan ? text.slice(start + 1, close) : text.slice(start, plainEnd));
		start = skipSpace(text, isSpan ? close + 1 : plainEnd);
	}
	return words;
};

/** Finds the next quote that ends a word, -1 if none; remembers a fruitless search. */
const quoteFinder = (text: string): ((quote: string, from: number) => number) => {
	const exhausted = new Set<string>();
	return (quote, from) => {
		if (exhausted.has(quote)) return -1;
		for (let at = text.indexOf(quote, from); at !== -1; at = text.indexOf(quote, at + 1)) {
			if (at + 1 === text.length || isPythonSpace(text.charCodeAt(at + 1))) return at;
		}
		exhausted.add(quote);
		return -1;
	};
};
