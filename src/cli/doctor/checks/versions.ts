import {realpathSync} from 'node:fs';
import path from 'node:path';
import {renderShellCommand} from '../../../platform/shell-word.js';
import {isCommand} from '../../is-command.js';
import {type Check, ofConf} from '../check.js';
import {error, type Finding, fine, idle, warning} from '../finding.js';
import {compareVersions} from '../known-faults.js';
import {readIfSeen} from '../seen-files.js';
import type {Subject} from '../subject.js';

/** What the package asks for. */
const oldestNode = '20.19.0';

const node: Check = {
	group: 'versions',
	name: 'node',
	about: 'the Node that runs zeoctl is new enough',
	run: () => judgeNode(process.versions.node, process.execPath),
};

/** Whether a version of Node is one that zeoctl runs on. */
export const judgeNode = (version: string, file: string): readonly Finding[] =>
	compareVersions(version, oldestNode) >= 0
		? [fine(`Node ${version}`)]
		: [
				error(`${file} is Node ${version}; zeoctl needs ${oldestNode}`, {
					advice: 'install a later Node',
				}),
			];

const supervisor = ofConf({
	group: 'versions',
	name: 'supervisor-version',
	about: 'the supervisor that runs is of the version that is installed',
	async run({contact, system, zeoctl}) {
		const seen = await contact();
		if (seen.contact !== 'session') return [idle('no supervisor runs')];
		const {version} = seen.status;
		if (version === system.version) return [fine(`zeoctl ${version}`)];
		return version === null
			? [
					warning('a zdaemon supervises the program: it has none of the guards of zeoctl', {
						advice: 'stop and start the program: that start is ours',
						command: zeoctl('stop'),
					}),
				]
			: [
					warning(`the supervisor is zeoctl ${version}, this is ${system.version}`, {
						command: zeoctl('reload'),
					}),
				];
	},
});

const names: Check = {
	group: 'versions',
	name: 'commands-on-path',
	about: 'the zeoctl that is called is this one; ZEO and zdaemon bring commands of the same use',
	run(subject) {
		const found = findCommands(subject, ['zeoctl', 'zdaemon']);
		return judgeCommands(found, realPath(subject.system.programName));
	},
};

type FoundCommand = {readonly name: string; readonly file: string; readonly real: string};

/** Every file on PATH that is called by one of the names, in the order of PATH. */
const findCommands = ({system}: Subject, wanted: readonly string[]): readonly FoundCommand[] => {
	const folders = (system.environment['PATH'] ?? '').split(':').filter(folder => folder !== '');
	return [...new Set(folders)].flatMap(folder =>
		wanted.flatMap(name => {
			const file = path.resolve(system.cwd, folder, name);
			return isCommand(file) ? [{name, file, real: realPath(file)}] : [];
		}),
	);
};

/** Whoever types the name gets the first one. */
export const judgeCommands = (found: readonly FoundCommand[], own: string): readonly Finding[] => {
	const list = found.map(({file}) => file).join(', ');
	const [first, ...others] = found.filter(({name}) => name === 'zeoctl');
	if (first === undefined)
		return [fine(list === '' ? 'no other one on PATH' : `${list}; no zeoctl on PATH`)];
	if (first.real === own || isWrapper(first.file)) return [fine(list)];
	const ours = others.find(({real}) => real === own);
	return [
		warning(`whoever types zeoctl gets another program: ${list}`, {
			advice:
				ours === undefined
					? `call this one by its path, ${own}`
					: `put ${path.dirname(ours.file)} before ${path.dirname(first.file)} in PATH`,
			command: renderShellCommand(['ls', '-l', first.file]),
		}),
	];
};

/** The commands in `bin` and `env/bin` of an instance lead to a zeoctl of ours. */
const isWrapper = (file: string): boolean =>
	/^# (?:zeoctl for this instance|ZEO's own zeoctl is not used here)/m.test(
		readIfSeen(file).slice(0, 500),
	);

const realPath = (file: string): string => {
	try {
		return realpathSync(file);
	} catch {
		return path.resolve(file);
	}
};

/** What runs beside the program, and whether it fits. */
export const versionChecks: readonly Check[] = [node, supervisor, names];
