import {ZeoctlError} from '../../platform/errors.js';
import {renderPythonString as quote} from '../../platform/python-repr.js';
import type {InstanceCommand} from '../command.js';
import {exitCode} from '../exit-codes.js';
import {renderRecord} from '../history-lines.js';
import {answer, say} from '../output.js';
import {readRecords} from '../read-records.js';
import {historyDirectory} from '../record-decision.js';

export const history: InstanceCommand = {
	name: 'history',
	summary: 'show starts and ends with their causes, decisions, alarms and packs',
	usage: '[-n RECORDS] [--json]',
	options: [['-n RECORDS', 'how many of the last ones (default 100)']],
	exitCodes: ['ok', 'usage', 'unknown'],
	notes: ['Works whether or not a supervisor runs. Times are local; the oldest comes first.'],
	scope: 'instance',
	forAnyone: true,
	async run(context) {
		const count = parseCount(context.action.argumentWords);
		const records = readRecords(historyDirectory(context), count);
		say(
			context,
			records.length === 0 ? 'nothing is recorded yet\n' : records.map(renderRecord).join(''),
		);
		answer(context, {history: records});
		return exitCode('ok');
	},
};

const defaultCount = 100;

/** `-n RECORDS` or `-nRECORDS`. */
const parseCount = (words: readonly string[]): number => {
	const line = words.join(' ').trim();
	if (line === '') return defaultCount;
	const count = /^-n\s*([1-9]\d{0,8})$/.exec(line)?.[1];
	if (count === undefined)
		throw new ZeoctlError(
			'USAGE',
			`cannot show the history ${quote(line)}: only -n and a number from 1 on`,
		);
	return Number(count);
};
