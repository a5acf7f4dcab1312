import {
	acceptDatabase as acceptPresent,
	lookAtDatabases,
	type SeenDatabase,
} from '../../guard/check-databases.js';
import {type Ledger, ledgerFile} from '../../guard/ledger.js';
import {errorMessage, ZeoctlError} from '../../platform/errors.js';
import {renderForTerminal} from '../../platform/terminal-text.js';
import {type ServerPlace, serverPlace} from '../../settings/server-place.js';
import {fileStorage} from '../../storage/zeo.js';
import {renderTransactionTime, renderUtc} from '../../zeo/transaction-id.js';
import type {InstanceCommand, InstanceContext} from '../command.js';
import {exitCode} from '../exit-codes.js';
import {instanceCommand} from '../instance-command.js';
import {answer, say} from '../output.js';
import {recordDecision} from '../record-decision.js';
import {refuseAcceptedLoss} from '../refuse-accepted-loss.js';

export const acceptDatabase: InstanceCommand = {
	name: 'accept-database',
	summary: 'say that the present database is the right one',
	usage: '[STORAGE ...] [--json]',
	options: [['STORAGE', 'its name; without one, every storage that is odd']],
	exitCodes: ['ok', 'failed', 'usage', 'unknown'],
	notes: [
		'A start is refused when a database is missing, empty or older than it was. This command shows what was recorded of it and what is there, and records the present state as the right one.',
		'No database is changed. The decision is kept in the history.',
		'What can be repaired without loss must be given up by name.',
		'It fails while a server still has the database that was deleted: see rescue.',
		'It fails when nothing is odd: a word that nobody asked for would hide a later loss.',
	],
	scope: 'instance',
	async run(context) {
		const seen = chooseDatabases(context);
		const isNamed = context.action.argumentWords.length > 0;
		const refusal = isNamed ? refuseNamed(seen) : refuseUnnamed(seen);
		if (refusal !== undefined) return refuse(context, refusal);
		const odd = seen.filter(isOdd);
		const place = serverPlace(context.settings, context.system.cwd);
		await refuseAcceptedLoss(
			context,
			odd.map(({storage}) => storage.name),
		);
		const databases = odd.map(each => {
			const ledger = accept(each, place);
			record(context, each, ledger);
			say(context, renderDecision(each, ledger));
			return toDocument(each, ledger);
		});
		answer(context, {action: 'accept-database', outcome: 'accepted', databases});
		return exitCode('ok');
	},
};

type OddDatabase = SeenDatabase & {
	readonly verdict: Exclude<SeenDatabase['verdict'], {verdict: 'ok'}>;
};

const isOdd = (seen: SeenDatabase): seen is OddDatabase => seen.verdict.verdict !== 'ok';

const chooseDatabases = (context: InstanceContext): readonly SeenDatabase[] => {
	const {system, settings, action} = context;
	const server = system.resolveServer(settings);
	const seen = server
		? lookAtDatabases(server, {
				...serverPlace(settings, system.cwd),
				kind: fileStorage,
				command: instanceCommand(context),
			})
		: [];
	if (seen.length === 0)
		throw new ZeoctlError(
			'CONFIGURATION',
			'cannot accept a database: the configuration names no storage with a file',
		);
	const names = action.argumentWords;
	const known = seen.map(({storage}) => storage.name);
	const unknown = names.find(name => !known.includes(name));
	if (unknown !== undefined)
		throw new ZeoctlError(
			'USAGE',
			`cannot accept the database of '${renderForTerminal(unknown)}': there is no such storage, only ${known.join(', ')}`,
		);
	return names.length === 0 ? seen : seen.filter(({storage}) => names.includes(storage.name));
};

/** Why the word about these is not taken. */
const refuseNamed = (seen: readonly SeenDatabase[]): string | undefined => {
	const unremarkable = seen.find(each => !isOdd(each));
	return unremarkable && `nothing is odd about the database of '${unremarkable.storage.name}'`;
};

/** What can be repaired without loss is given up only by name. */
const refuseUnnamed = (seen: readonly SeenDatabase[]): string | undefined => {
	const odd = seen.filter(isOdd);
	if (odd.length === 0) return 'nothing is odd about any database';
	const repairable = odd.find(({verdict}) => verdict.repair !== undefined);
	return (
		repairable &&
		`that of '${repairable.storage.name}' can be repaired without loss: ${repairable.verdict.repair} (to give it up, name it)`
	);
};

const refuse = (context: InstanceContext, reason: string): number => {
	if (!context.json)
		context.system.stderr.write(`Error: cannot accept a database: ${renderForTerminal(reason)}\n`);
	answer(context, {action: 'accept-database', outcome: 'refused', reason, databases: []});
	return exitCode('failed');
};

const accept = (seen: SeenDatabase, place: ServerPlace): Ledger => {
	try {
		return acceptPresent(seen, place);
	} catch (error) {
		throw new ZeoctlError(
			'PERMISSION',
			`cannot write '${ledgerFile(seen.files.realPath)}': ${errorMessage(error)}`,
			{cause: error},
		);
	}
};

const record = (context: InstanceContext, {storage, ledger: was}: OddDatabase, now: Ledger): void =>
	recordDecision(context, {
		decision: 'accept-database',
		subject: storage.name,
		description: `accepted: ${renderLedger(now)}; recorded was: ${renderLedger(was)}`,
	});

const renderDecision = ({storage, files, ledger, verdict}: OddDatabase, now: Ledger): string =>
	[
		`${storage.name}: ${files.path}`,
		`  ${verdict.reason}`,
		`  recorded: ${renderLedger(ledger)}`,
		`  accepted: ${renderLedger(now)}`,
	]
		.map(line => `${renderForTerminal(line)}\n`)
		.join('');

const renderLedger = (ledger: Ledger | undefined): string => {
	if (ledger === undefined) return 'nothing';
	const {inode, size, tid, at, why} = ledger;
	const file = inode === null ? 'no file' : `${size} bytes`;
	const last =
		tid === null ? 'no transaction' : `last transaction ${renderTransactionTime(tid)} (${tid})`;
	return `${file}, ${last}, ${why} ${renderUtc(at)}`;
};

const toDocument = ({storage, files, ledger, verdict}: OddDatabase, now: Ledger) => ({
	storage: storage.name,
	path: files.path,
	code: verdict.code,
	reason: verdict.reason,
	recorded: ledger ?? null,
	accepted: now,
});
