import {createHash} from 'node:crypto';

const mark = '# Made by zeoctl generate';
const sealed = /^# Made by zeoctl generate, ([0-9a-f]{12});/m;

/** Writes a digest of a generated file into its first words, by which a change by hand is known later. */
export const sealContent = (content: string): string =>
	content.replace(`${mark};`, `${mark}, ${digestOf(content)};`);

/** Whether nobody has changed a generated file since it was made. */
export const isIntact = (content: string): boolean =>
	sealOf(content) === digestOf(content.replace(sealed, `${mark};`));

/**
 * What is to be done about an installed file for which another content is planned. `replace`: it is as it was made.
 * `none`: a person has changed it, and what it was made from is still the plan. `conflict`: both have changed.
 */
export const judgeInstalled = (
	installed: string,
	planned: string,
): 'replace' | 'none' | 'conflict' => {
	if (installed === planned || isIntact(installed)) return 'replace';
	return sealOf(installed) === sealOf(planned) ? 'none' : 'conflict';
};

const sealOf = (content: string): string | undefined => sealed.exec(content)?.[1];

const digestOf = (content: string): string =>
	createHash('sha256').update(content).digest('hex').slice(0, 12);
