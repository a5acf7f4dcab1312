import {readdirSync, readFileSync} from 'node:fs';
import path from 'node:path';
import type {Release} from './answer-checks.js';
import type {Answers} from './answers.js';

/** The sets of pinned packages in a folder: one folder each, with a `zeo-VERSION.txt` for each version of ZEO. */
export const listReleases = (folder: string): readonly Release[] =>
	readdirSync(folder)
		.toSorted()
		.map(name => ({
			name,
			zeoVersions: readdirSync(path.join(folder, name))
				.flatMap(file => /^zeo-(.+)\.txt$/.exec(file)?.[1] ?? [])
				.toSorted(),
		}));

/** The packages of a release, each by its version and the digests of its files, as pip reads them. */
export const readRequirements = (
	folder: string,
	{pyams_release, zeo_version}: Pick<Answers, 'pyams_release' | 'zeo_version'>,
): string => {
	const name =
		pyams_release === 'latest' ? (listReleases(folder).at(-1)?.name ?? '') : pyams_release;
	return readFileSync(path.join(folder, name, `zeo-${zeo_version}.txt`), 'utf8');
};
