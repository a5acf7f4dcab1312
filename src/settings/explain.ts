import type {Problem} from '../zconfig/errors.js';
import {isPath, urlToPath} from '../zconfig/url.js';
import type {Origin, Settings} from './settings.js';

/** One value of the runner, for people. */
export type Explanation = {readonly key: string; readonly origin: string};

/** Where a value came from: `flag -b`, `/etc/zeo.conf:12` or `default`. */
export const explainOrigin = (origin: Origin): string => {
	switch (origin.from) {
		case 'flag':
			return `flag ${origin.flag}`;
		case 'file':
			return `${pathOfUrl(origin.url)}:${origin.line}`;
		case 'default':
			return 'default';
	}
};

/** The origins of all values of the runner, in the order of the schema. */
export const explainSettings = ({origins}: Settings): readonly Explanation[] =>
	Object.entries(origins).map(([key, origin]) => ({key, origin: explainOrigin(origin)}));

/** A mistake with its place: `/etc/zeo.conf:12: 'adress' is not a known key name`. */
export const explainProblem = (problem: Problem): string => {
	const {url, line} = problem;
	const file = url === undefined ? undefined : pathOfUrl(url);
	return explainFinding({message: lineOf(problem), file, line});
};

/** The same, of a file by its path; without one it is about the command line. */
export const explainFinding = ({
	message,
	file = 'command line',
	line,
}: {
	readonly message: string;
	readonly file: string | undefined;
	readonly line: number | undefined;
}): string => `${line === undefined ? file : `${file}:${line}`}: ${message}`;

/** The words of a problem in one line; ZConfig has some in several. */
export const lineOf = ({message}: Problem): string => message.replace(/\n\s*/g, '; ');

/** A `file:` URL as the path that people know; anything else as it is. */
export const pathOfUrl = (url: string): string => {
	if (isPath(url)) return url;
	const target = urlToPath(url);
	return 'path' in target ? target.path : url;
};
