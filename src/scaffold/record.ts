import type {Answers} from './answers.js';
import {isComplete} from './settle-answers.js';

/** What is kept for a later update: the answers, and each file as it was made, by digest. */
export type InstanceRecord = {
	readonly answers: Answers;
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
	if (!isTexts(answers) || !isTexts(files) || !isComplete(answers))
		throw new Error('it is not what zeoctl init has written');
	return {answers, files};
};

const isTexts = (value: unknown): value is Readonly<Record<string, string>> =>
	typeof value === 'object' &&
	value !== null &&
	Object.values(value).every(each => typeof each === 'string');
