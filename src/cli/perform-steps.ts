import {spawnSync} from 'node:child_process';
import {
	closeSync,
	constants,
	fchmodSync,
	fchownSync,
	fstatSync,
	lstatSync,
	mkdirSync,
	openSync,
	rmSync,
} from 'node:fs';
import path from 'node:path';
import type {Step} from '../generate/steps.js';
import {ZeoctlError} from '../platform/errors.js';
import {replaceDurably} from '../platform/files.js';
import type {Account} from '../platform/passwd.js';
import {renderPythonString as quote} from '../platform/python-repr.js';
import {renderShellCommand} from '../platform/shell-word.js';
import {giveInstance} from './give-instance.js';
import {mayOthersWrite} from './own-programs.js';

/** A step as one line for people. */
export const renderStep = (step: Step): string => {
	switch (step.step) {
		case 'write':
			return `write ${step.file}`;
		case 'keep':
			return `keep ${step.file}, which was changed by hand`;
		case 'remove':
			return `remove ${step.file}`;
		case 'folder':
			return `own ${step.folder}`;
		case 'give':
			return `give ${step.folder}`;
		case 'share':
			return `share ${step.file}`;
		case 'run':
			return `run ${renderShellCommand(step.words)}`;
	}
};

/** Does one step. `findOwner` tells to whom folders belong; throws where something goes wrong that matters. */
export const performStep = async (step: Step, findOwner: () => Promise<Account>): Promise<void> => {
	switch (step.step) {
		case 'write':
			mkdirSync(path.dirname(step.file), {recursive: true, mode: 0o755});
			refuseSharedFolder(path.dirname(step.file));
			return replaceDurably(step.file, step.content, {mode: step.mode});
		case 'keep':
			return;
		case 'remove':
			refuseSharedFolder(path.dirname(step.file));
			return rmSync(step.file, {force: true});
		case 'folder':
			return ownFolder(step.folder, await findOwner(), step.isOwn);
		case 'give':
			return giveInstance(step.folder, await findOwner());
		case 'share':
			return shareFile(step.file, await findOwner());
		case 'run':
			return runTool(step.words, step.mayFail === true);
	}
};

/** Throws for a folder in which somebody but root could exchange what we write or trust. */
export const refuseSharedFolder = (folder: string): void => {
	if (mayOthersWrite(folder) || !lstatSync(folder).isDirectory())
		throw new ZeoctlError(
			'PERMISSION',
			`cannot trust the folder ${quote(folder)}: others than root can write to it`,
			{
				hint: renderShellCommand(['ls', '-ld', folder]),
			},
		);
};

/** Makes the folder and what is missing above it. */
const ownFolder = (folder: string, owner: Account, isOwn: boolean): void => {
	const found = lstatSync(folder, {throwIfNoEntry: false});
	if (found === undefined) {
		const parent = path.dirname(folder);
		if (lstatSync(parent, {throwIfNoEntry: false}) === undefined) ownFolder(parent, owner, isOwn);
		mkdirSync(folder, {mode: 0o750});
	}
	if (found === undefined || isOwn) giveFolder(folder, owner);
};

/** Through a descriptor: a link that somebody put in the way meanwhile would be followed by a path. */
const giveFolder = (folder: string, {uid, gid}: Account): void => {
	const {O_RDONLY, O_DIRECTORY, O_NOFOLLOW} = constants;
	const fd = openSync(folder, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
	try {
		if (fstatSync(fd).uid === 0) fchownSync(fd, uid, gid);
	} finally {
		closeSync(fd);
	}
};

/** The file, and the folder that it is in. */
const shareFile = (file: string, account: Account): void => {
	if (lstatSync(file, {throwIfNoEntry: false}) === undefined) return;
	shareOne(path.dirname(file), account, 0o010);
	shareOne(file, account, 0o040);
};

/** Nothing is changed that everybody may use, or that somebody has given to a group already. */
const shareOne = (file: string, {gid}: Account, right: 0o010 | 0o040): void => {
	const fd = openSync(file, constants.O_RDONLY | constants.O_NOFOLLOW);
	try {
		const {uid, gid: group, mode} = fstatSync(fd);
		if (uid !== 0 || group !== 0 || (mode & (right >> 3)) !== 0) return;
		refuseSharedFolder(path.dirname(file));
		fchownSync(fd, 0, gid);
		fchmodSync(fd, (mode & 0o777) | right);
	} finally {
		closeSync(fd);
	}
};

const runTool = ([program = '', ...words]: readonly string[], mayFail: boolean): void => {
	const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
	const ended = spawnSync(program, words, {
		...{encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], timeout: 1_800_000},
		env: {...process.env, PATH},
	});
	const {stdout, stderr, error} = ended;
	if (mayFail || ended.status === 0) return;
	const service = words.find(word => word.endsWith('.service'));
	const status = service && tellStatus(service, PATH);
	if (service !== undefined && status)
		throw new ZeoctlError('START_FAILED', `cannot start ${service}: ${status}`, {
			hint: `journalctl -b -u ${service}`,
		});
	const said = `${stderr ?? ''}${stdout ?? ''}`.trim();
	throw new ZeoctlError(
		'START_FAILED',
		`cannot run ${renderShellCommand([program, ...words])}: ${error?.message ?? (said || `it ended with ${ended.status}`)}`,
		service === undefined ? {} : {hint: `journalctl -b -u ${service}`},
	);
};

/** What the supervisor of a service told systemd last; empty when that was nothing. */
const tellStatus = (service: string, PATH: string): string => {
	const words = ['show', '--property=StatusText', '--value', service];
	const {stdout} = spawnSync('systemctl', words, {encoding: 'utf8', env: {...process.env, PATH}});
	return (stdout ?? '').trim();
};
