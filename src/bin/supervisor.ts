import {readSync, writeSync} from 'node:fs';
import {version} from '../cli/version.js';
import {fields, parseStatus} from '../control/json-values.js';
import type {Status} from '../control/messages.js';
import {runSupervisor} from '../daemon/main.js';
import {presentFolder} from '../platform/present-folder.js';
import {reportVariable} from '../program/environment.js';
import type {LaunchOrder} from '../supervisor/report.js';

/** A supervisor in the background, as its launcher orders it; resolves to its exit status. */
export const run = async (): Promise<number> => {
	const descriptor = Number(process.env[reportVariable]);
	try {
		return await runSupervisor({
			// Our own launcher, of the same version, wrote this line.
			...(JSON.parse(readLine(descriptor)) as LaunchOrder),
			environment: process.env,
			cwd: presentFolder(),
			mode: 'detached',
			reportDescriptor: descriptor,
			command: [process.execPath, ...process.execArgv, process.argv[1] ?? ''],
			awaitGo: () => parseGo(readLine(descriptor)),
			version,
			writeOutput: text => void writeSync(1, text),
			writeError: text => void writeSync(2, text),
		});
	} catch {
		// The launcher has been told why.
		return 1;
	}
};

/** The predecessor may be of another version. */
const parseGo = (line: string): Status => {
	const status = parseStatus(fields(JSON.parse(line))?.['go']);
	if (status === undefined) throw new Error('the predecessor tells a status that cannot be read');
	return status;
};

const readLine = (descriptor: number): string => {
	const pieces: Buffer[] = [];
	const piece = Buffer.alloc(65_536);
	for (;;) {
		const length = readSync(descriptor, piece);
		if (length === 0) throw new Error('whoever started this supervisor has gone');
		pieces.push(Buffer.from(piece.subarray(0, length)));
		if (piece[length - 1] === 10) return Buffer.concat(pieces).toString();
	}
};
