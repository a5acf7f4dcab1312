import path from 'node:path';
import type {Answers} from './answers.js';

/** What is kept for a later update: the answers, and each file as it was made, by digest. */
export type InstanceRecord = {
	/** Some are missing where a later version asks for more. */
	readonly answers: Partial<Answers>;
	/** By path, relative to the instance and inside of it. */
	readonly files: Readonly<Record<string, string>>;
};

/** The file of the record, inside of the instance. */
export const recordFile = '.zeoctl-init.json';

export const renderRecord = (record: InstanceRecord): string =>
	`${JSON.stringify({version: 1, ...record}, undefined, '\t')}\n`;

/** Throws for a text that is no record. */
export const parseRecord = (text: string): InstanceRecord => {
	const value: unknown = JSON.parse(text);
	const {answers, files} = value as {answers?: unknown; files?: unknown};
	if (!isTexts(answers) || !isTexts(files) || !Object.keys(files).every(isInside))
		throw new Error('it is not what zeoctl init has written');
	return {answers, files};
};

const isTexts = (value: unknown): value is Readonly<Record<string, string>> =>
	typeof value === 'object' &&
	value !== null &&
	Object.values(value).every(each => typeof each === 'string');

const isInside = (file: string): boolean =>
	file !== '.' && path.normalize(file) === file && !/^(?:\/|\.\.(?:\/|$))/.test(file);
