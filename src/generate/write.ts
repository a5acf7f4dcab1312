import {lstatSync, mkdirSync, readFileSync} from 'node:fs';
import path from 'node:path';
import {ZeoctlError} from '../platform/errors.js';
import {replaceDurably} from '../platform/files.js';
import {renderPythonString as quote} from '../platform/python-repr.js';
import type {GeneratedFile} from './plan.js';

/**
 * Writes a plan below a folder and returns the files that are now there. Throws before anything is written if one of
 * them is there with other content.
 */
export const writeFiles = (files: readonly GeneratedFile[], folder: string): readonly string[] => {
	const targets = files.map(file => ({...file, target: path.join(folder, file.path)}));
	const inTheWay = targets.find(({target, content}) => isOther(target, content));
	if (inTheWay)
		throw new ZeoctlError(
			'USAGE',
			`cannot write ${quote(inTheWay.target)}: it is there with other content`,
			{hint: 'move it away, or write to another folder'},
		);
	for (const {target, content, mode} of targets) {
		mkdirSync(path.dirname(target), {recursive: true});
		replaceDurably(target, content, {mode});
	}
	return targets.map(({target}) => target);
};

const isOther = (file: string, content: string): boolean => {
	const found = lstatSync(file, {throwIfNoEntry: false});
	return found !== undefined && !(found.isFile() && readFileSync(file, 'utf8') === content);
};
