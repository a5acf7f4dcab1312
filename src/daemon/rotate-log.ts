import fs from 'node:fs';
import path from 'node:path';

/** Makes room at `file` as Python's RotatingFileHandler: F.n-1 becomes F.n, ..., F becomes F.1; the oldest goes. */
export const rotateNumbered = (file: string, oldFiles: number): void => {
	for (let number = oldFiles - 1; number >= 1; number--) {
		renameIfThere(`${file}.${number}`, `${file}.${number + 1}`);
	}
	if (oldFiles > 0) renameIfThere(file, `${file}.1`);
};

type DatedRotation = {
	readonly suffix: string;
	/** Whether the end of a file name is a suffix of this kind. */
	readonly isSuffix: (text: string) => boolean;
	readonly oldFiles: number;
};

/**
 * Makes room at `file` as Python's TimedRotatingFileHandler: F becomes F.SUFFIX, the oldest beyond `oldFiles` go.
 * Two rotations of one name (a reopen in between) keep both files (F.SUFFIX.1); Python deletes the first.
 */
export const rotateDated = (file: string, {suffix, isSuffix, oldFiles}: DatedRotation): void => {
	renameIfThere(file, freeName(`${file}.${suffix}`));
	if (oldFiles <= 0) return;
	const folder = path.dirname(file);
	const prefix = `${path.basename(file)}.`;
	const dated = fs
		.readdirSync(folder)
		.filter(name => name.startsWith(prefix) && isSuffix(name.slice(prefix.length)))
		.sort(byDateAndNumber);
	for (const name of dated.slice(0, Math.max(0, dated.length - oldFiles))) {
		fs.unlinkSync(path.join(folder, name));
	}
};

const byDateAndNumber = (a: string, b: string): number => {
	const [[dateA, numberA], [dateB, numberB]] = [splitName(a), splitName(b)];
	return dateA === dateB ? numberA - numberB : dateA < dateB ? -1 : 1;
};

const splitName = (name: string): readonly [string, number] => {
	const number = /\.(\d{1,3})$/.exec(name);
	return number === null ? [name, 0] : [name.slice(0, number.index), Number(number[1])];
};

const freeName = (name: string): string => {
	let candidate = name;
	for (let number = 1; fs.existsSync(candidate); number++) candidate = `${name}.${number}`;
	return candidate;
};

const renameIfThere = (from: string, to: string): void => {
	if (fs.existsSync(from)) fs.renameSync(from, to);
};
