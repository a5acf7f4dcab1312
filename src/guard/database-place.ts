import {planAccess} from '../platform/access-remedy.js';
import {renderShellCommand} from '../platform/shell-word.js';
import type {DatabaseFiles} from '../storage/kind.js';

/** A file of the database as its owner and permissions have it. */
export type OwnedFile = {
	readonly path: string;
	readonly is: 'file' | 'folder';
	/** What stands there, whatever is wanted. */
	readonly isFolder: boolean;
	readonly uid: number;
	readonly mode: number;
	/** Whether the user may read and write it (a folder: also search it); undefined where that cannot be told. */
	readonly usable: boolean | undefined;
};

/** Where a database lies and to whom it belongs. */
export type DatabasePlace = {
	readonly files: DatabaseFiles;
	/** Whether the data file itself is a symbolic link. A link to a folder on the way is harmless. */
	readonly isLink: boolean;
	readonly create: boolean;
	readonly readOnly: boolean;
	/** Those that exist. */
	readonly owned: readonly OwnedFile[];
	/** Who runs the server. */
	readonly user: {readonly uid: number; readonly name: string};
	/** Whether the conf says so. */
	readonly isNamed: boolean;
	/** Whether root is told. */
	readonly isRoot: boolean;
	readonly fileSystem: FileSystemFacts | undefined;
};

export type FileSystemFacts = {
	/** Undefined for a local one, or one that is not known. */
	readonly network: string | undefined;
	/** Bytes that the user may still write. */
	readonly freeBytes: number;
	/** Undefined where the file system does not count them. */
	readonly freeInodes: number | undefined;
};

/** What makes a start unwise besides the state of the data itself. */
export type PlaceTrouble = {
	readonly verdict: 'warn' | 'refuse';
	readonly code:
		| 'create'
		| 'python-2'
		| 'hard-link'
		| 'symbolic-link'
		| 'access'
		| 'owner'
		| 'network-file-system'
		| 'disk-full'
		| 'no-inodes';
	readonly reason: string;
	readonly hint: string;
};

/** Judges the configuration, owner, names and file system of a database; the order is that of the danger. */
export const judgePlace = (place: DatabasePlace): readonly PlaceTrouble[] =>
	[
		judgeCreate(place),
		judgeHardLink(place),
		...judgeOwners(place),
		judgePython2(place),
		judgeSymbolicLink(place),
		judgeNetwork(place),
		...judgeSpace(place),
	].filter(trouble => trouble !== undefined);

const judgeCreate = ({files, create}: DatabasePlace): PlaceTrouble | undefined => {
	if (!create || files.data === undefined) return undefined;
	const isEmpty = files.data.content.state === 'empty';
	return {
		verdict: isEmpty ? 'warn' : 'refuse',
		code: 'create',
		reason: isEmpty
			? `'create' is on: every start of the server empties '${files.path}'`
			: `'create' is on: the start would delete '${files.path}' with all its data`,
		hint: "delete the line 'create' from the storage's section; a missing file is created without it",
	};
};

const judgeHardLink = ({files: {data}}: DatabasePlace): PlaceTrouble | undefined =>
	data === undefined || data.links < 2
		? undefined
		: {
				verdict: 'refuse',
				code: 'hard-link',
				reason: `'${data.path}' has ${data.links} names: another server could open it under the other one, and a pack would part them`,
				hint: `give it one name; to find the others: ${renderShellCommand(['find', '/', '-xdev', '-samefile', data.path])}`,
			};

const judgePython2 = ({files: {data}}: DatabasePlace): PlaceTrouble | undefined =>
	data?.magic !== 'FS21'
		? undefined
		: {
				verdict: 'warn',
				code: 'python-2',
				reason: `'${data.path}' was written under Python 2 (FS21): a server under Python 3 refuses it`,
				hint: `convert it once, on a copy first: ${renderShellCommand(['zodbupdate', '--convert-py3', '--file', data.path])}`,
			};

const judgeSymbolicLink = ({files, isLink}: DatabasePlace): PlaceTrouble | undefined => {
	if (!isLink) return undefined;
	const {path, realPath} = files;
	return {
		verdict: 'warn',
		code: 'symbolic-link',
		reason: `'${path}' is a symbolic link to '${realPath}': a pack renames the link and writes the database in its place, on another disk perhaps`,
		hint: `name the real path in the conf: path ${realPath}`,
	};
};

/** What the server must write itself; the others it replaces or removes, for which the folder counts. */
const isReplaced = (file: string): boolean => /\.(?:old|index)$/.test(file);

const judgeOwners = (place: DatabasePlace): readonly PlaceTrouble[] => {
	const {owned, user, readOnly} = place;
	const closed = owned.filter(({path, usable}) => usable === false && !isReplaced(path));
	const foreign = owned.filter(
		file => file.is === 'file' && file.uid !== user.uid && !closed.includes(file),
	);
	return [
		...(closed.length === 0
			? []
			: [
					{
						verdict: 'refuse' as const,
						code: 'access' as const,
						reason: `${user.name}, who runs the server, may not ${readOnly ? 'read' : 'write'} ${list(closed)}`,
						hint: takeOver(place, closed),
					},
				]),
		...(foreign.length === 0 || readOnly ? [] : [judgeForeign(place, foreign)]),
	];
};

const judgeForeign = (place: DatabasePlace, foreign: readonly OwnedFile[]): PlaceTrouble => ({
	verdict: 'warn',
	code: 'owner',
	reason: `${foreign.length === 1 ? 'a file of the database belongs' : 'files of the database belong'} to somebody else than ${place.user.name}, who runs the server: ${list(foreign)}`,
	hint:
		place.user.uid === 0
			? "a server that root runs leaves files that nobody else may write: set 'user' in the <runner> section"
			: takeOver(place, foreign),
});

const list = (files: readonly OwnedFile[]): string => files.map(({path}) => `'${path}'`).join(', ');

/** The files of one other owner are the database of somebody else's server, where the conf names nobody. */
const yieldToOwner = ({files, owned, user, isNamed}: DatabasePlace): string => {
	const data = owned.find(({path}) => path === files.path);
	const isOnes = owned.every(({is, uid}) => is === 'folder' || uid === data?.uid);
	return isNamed || data === undefined || data.uid === user.uid || !isOnes
		? ''
		: `start it as the user with the id ${data.uid}, whose files they are; only where no server uses them any more: `;
};

const takeOver = (place: DatabasePlace, files: readonly OwnedFile[]): string => {
	const {user, isRoot} = place;
	const {command, advice} = planAccess(
		files.map(file => ({...file, isOwn: file.uid === user.uid})),
		{user: user.name, isRoot},
	);
	return advice === undefined ? `${yieldToOwner(place)}${command}` : `${advice}: ${command}`;
};

const judgeNetwork = ({files, fileSystem}: DatabasePlace): PlaceTrouble | undefined =>
	fileSystem?.network === undefined
		? undefined
		: {
				verdict: 'warn',
				code: 'network-file-system',
				reason: `'${files.realPath}' lies on a network or user-space file system (${fileSystem.network}): its locks may not keep a second server on another machine away`,
				hint: 'move the database to a local disk',
			};

const leastBytes = 1024 * 1024;

const judgeSpace = ({files, fileSystem, readOnly}: DatabasePlace): readonly PlaceTrouble[] => {
	if (fileSystem === undefined || readOnly) return [];
	const {freeBytes, freeInodes} = fileSystem;
	const folder = files.realPath.slice(0, files.realPath.lastIndexOf('/')) || '/';
	return [
		...(freeBytes >= leastBytes
			? []
			: [
					{
						verdict: 'warn' as const,
						code: 'disk-full' as const,
						reason: `the disk of '${files.realPath}' is full: ${freeBytes} bytes are left, no transaction can be stored`,
						hint: renderShellCommand(['df', '-h', folder]),
					},
				]),
		...(freeInodes !== 0
			? []
			: [
					{
						verdict: 'warn' as const,
						code: 'no-inodes' as const,
						reason: `the disk of '${files.realPath}' has no inode left: no file can be created, so no pack can run`,
						hint: renderShellCommand(['df', '-i', folder]),
					},
				]),
	];
};
