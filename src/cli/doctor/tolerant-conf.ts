import {type CheckReport, checkConfiguration} from '../../settings/check.js';
import {type FileSystem, nodeFileSystem, withAllFolders} from '../../settings/file-system.js';
import type {LoadOptions} from '../../settings/load.js';

/** What a conf says when the lines with mistakes are passed over. */
export type TolerantReading = Pick<CheckReport, 'settings' | 'server'>;

/** A line that is passed over may uncover the next mistake, but not for ever. */
const mostReadings = 5;

/**
 * The settings of a conf, and of its server, that has mistakes: a folder that it names need not be there, and each line
 * with another mistake is read as if it were empty. What is then still missing is undefined. For those who look at
 * everything else meanwhile, never for a start. Never throws.
 */
export const readTolerantly = (
	options: LoadOptions,
	report: Pick<CheckReport, 'settings' | 'server' | 'findings'>,
): TolerantReading => {
	const skipped = new Map<string, Set<number>>();
	let best: CheckReport | typeof report = report;
	for (let reading = 0; reading < mostReadings; reading++) {
		try {
			best = checkConfiguration({...options, fileSystem: without(skipped, options.fileSystem)});
		} catch {
			break;
		}
		if (!skipMistakes(best, skipped)) break;
	}
	return {settings: best.settings ?? report.settings, server: best.server ?? report.server};
};

/** Adds the lines of all mistakes; false when there is none that could be passed over. */
const skipMistakes = (
	{findings}: Pick<CheckReport, 'findings'>,
	skipped: Map<string, Set<number>>,
): boolean => {
	let isNew = false;
	for (const {severity, file, line} of findings) {
		if (severity !== 'error' || file === undefined || line === undefined) continue;
		const lines = skipped.get(file) ?? new Set();
		isNew ||= !lines.has(line);
		skipped.set(file, lines.add(line));
	}
	return isNew;
};

const without = (
	skipped: ReadonlyMap<string, ReadonlySet<number>>,
	fileSystem: FileSystem = nodeFileSystem,
): FileSystem => ({
	...withAllFolders(fileSystem),
	readFile(file) {
		const bytes = fileSystem.readFile(file);
		const lines = skipped.get(file);
		if (lines === undefined) return bytes;
		const text = Buffer.from(bytes).toString('latin1').split('\n');
		return Buffer.from(
			text.map((line, index) => (lines.has(index + 1) ? '' : line)).join('\n'),
			'latin1',
		);
	},
});
