import path from 'node:path';
import {errorMessage, ZeoctlError} from '../../platform/errors.js';
import {replaceDurably} from '../../platform/files.js';
import {renderPythonString as quote} from '../../platform/python-repr.js';
import {renderHtml} from '../../report/html.js';
import {packLetter} from '../../report/pack-letter.js';
import {listRuns} from '../../report/runs.js';
import {renderText} from '../../report/text.js';
import type {InstanceCommand, InstanceContext} from '../command.js';
import {exitCode} from '../exit-codes.js';
import {openOffice} from '../office.js';
import {answer, say} from '../output.js';
import {readRecords} from '../read-records.js';
import {historyDirectory} from '../record-decision.js';
import {reportOf} from '../write-reports.js';

export const report: InstanceCommand = {
	name: 'report',
	summary: 'show the report of the last pack',
	usage: '[--html [FILE]] [--json]',
	options: [['--html [FILE]', 'the page of the mail, printed or written to a file']],
	exitCodes: ['ok', 'failed', 'usage', 'unknown'],
	notes: ['It is made from the history: no mail needs to be configured.'],
	scope: 'instance',
	async run(context) {
		const {html, file} = parseWords(context.action.argumentWords);
		const office = openOffice(context);
		const run = listRuns(office.history()).at(-1);
		if (run === undefined) {
			readRecords(historyDirectory(context), 1);
			throw new ZeoctlError('MAIL', 'cannot report: no pack is in the history');
		}
		const facts = reportOf(office, run);
		const letter = packLetter(facts, office.now());
		if (file === undefined) say(context, html ? renderHtml(letter) : renderText(letter));
		else writePage(path.resolve(context.system.cwd, file), renderHtml(letter));
		answer(context, facts);
		return exitCode('ok');
	},
};

const parseWords = (
	words: InstanceContext['action']['argumentWords'],
): {readonly html: boolean; readonly file: string | undefined} => {
	const [option, file, ...more] = words;
	if ((option !== undefined && option !== '--html') || more.length > 0)
		throw new ZeoctlError(
			'USAGE',
			`cannot understand ${quote(words.join(' '))}: only --html [FILE]`,
		);
	return {html: option === '--html', file};
};

const writePage = (file: string, page: string): void => {
	try {
		replaceDurably(file, page, {mode: 0o640});
	} catch (cause) {
		throw new ZeoctlError('MAIL', `cannot write ${quote(file)}: ${errorMessage(cause)}`, {cause});
	}
};
