import path from 'node:path';
import {type Identity, isSame, type OpenFile} from './open-files.js';

/** Where a storage should have its data file. */
export type Place = {
	/** Without symbolic links. */
	readonly path: string;
	readonly isReadOnly: boolean;
	/** What is there now. */
	readonly present: Identity | undefined;
	/** Decimal: the inode that the file had when its server was last known to be well. */
	readonly recorded: string | undefined;
};

/** An open file, and whether it begins as a database does. */
export type Candidate = OpenFile & {readonly isData: boolean};

/** Which open file is whose, and the databases that are nobody's as far as can be known. */
export type Matching<Each extends Place> = {
	readonly matched: ReadonlyMap<Each, Candidate>;
	/** The places whose file is not known to be open. */
	readonly waiting: readonly Each[];
	readonly rest: readonly Candidate[];
};

/**
 * Decides by what a file is, by the inode on record, by what it was called, at last because no other is left. What
 * could be the file of two storages is nobody's: whoever was given the database of another one would overwrite it.
 */
export const matchFiles = <Each extends Place>(
	places: readonly Each[],
	files: readonly Candidate[],
): Matching<Each> => {
	const matched = new Map<Each, Candidate>();
	const isFreeFor = (file: Candidate, place: Each | undefined): boolean =>
		[...matched].every(
			([other, taken]) => other.path === place?.path || !isSame(taken.identity, file.identity),
		);
	const giveEach = (
		find: (place: Each, usable: readonly Candidate[]) => Candidate | undefined,
	): void => {
		for (const place of places) {
			if (matched.has(place)) continue;
			const usable = files.filter(file => isUsable(file, place) && isFreeFor(file, place));
			const file = find(place, usable);
			if (file !== undefined) matched.set(place, file);
		}
	};
	const waiting = () => places.filter(place => !matched.has(place) && !isPackedAway(place));
	const isPresent = ({identity}: Candidate): boolean =>
		places.some(({present}) => present !== undefined && isSame(present, identity));
	const rest = () =>
		distinct(files).filter(
			file =>
				file.isData &&
				isFreeFor(file, undefined) &&
				!isPresent(file) &&
				!isLeftover(file, [...matched.keys()]),
		);

	giveEach((place, usable) => (isContradicted(place, usable) ? undefined : findOwn(place, usable)));
	giveEach(findRecorded);
	giveEach(findOwn);
	giveEach((place, usable) =>
		isPackedAway(place) ? undefined : usable.find(({link}) => link === `${place.path}${deleted}`),
	);
	for (let pair = findLikest(waiting(), rest()); pair; pair = findLikest(waiting(), rest()))
		matched.set(...pair);
	const [place, ...otherPlaces] = waiting();
	const [file, ...otherFiles] = place === undefined ? [] : usableFor(place, rest());
	if (place && file && otherPlaces.length === 0 && otherFiles.length === 0)
		matched.set(place, file);
	return {matched, waiting: waiting(), rest: rest().filter(({isWritable}) => isWritable)};
};

const deleted = ' (deleted)';

/** The last name of a file, also of one that has none any more. */
export const lastName = ({link}: Pick<OpenFile, 'link'>): string =>
	link.endsWith(deleted) ? link.slice(0, -deleted.length) : link;

/** Whether no name leads to an open file any more. */
export const isDeleted = ({link, identity}: Pick<OpenFile, 'link' | 'identity'>): boolean =>
	identity.links === 0n || link.endsWith(deleted);

const isUsable = ({isWritable}: OpenFile, {isReadOnly}: Place): boolean => isWritable || isReadOnly;

const usableFor = (place: Place, files: readonly Candidate[]): readonly Candidate[] =>
	files.filter(file => isUsable(file, place));

/** Beside its writer a server that only reads holds what the writer has packed away, until it is started again. */
const isPackedAway = ({isReadOnly, present}: Place): boolean => isReadOnly && present !== undefined;

const findOwn = ({present}: Place, files: readonly Candidate[]): Candidate | undefined =>
	files.find(({identity}) => present !== undefined && isSame(identity, present));

const findRecorded = (place: Place, files: readonly Candidate[]): Candidate | undefined =>
	isPackedAway(place)
		? undefined
		: files.find(({identity}) => String(identity.inode) === place.recorded);

/** The file of another storage may have been renamed to its path. */
const isContradicted = (place: Place, files: readonly Candidate[]): boolean => {
	const recorded = findRecorded(place, files);
	return recorded !== undefined && recorded !== findOwn(place, files);
};

/** A server opens the same file for each of its readers again. */
const distinct = (files: readonly Candidate[]): readonly Candidate[] => {
	const ordered = files.toSorted((one, other) => Number(other.isWritable) - Number(one.isWritable));
	return ordered.filter(
		(file, index) => ordered.findIndex(other => isSame(other.identity, file.identity)) === index,
	);
};

/** Of a pack: the copy that it writes, and what it put aside. */
const isLeftover = (file: Candidate, served: readonly Place[]): boolean => {
	const name = lastName(file);
	return name.endsWith('.pack') || served.some(place => name === `${place.path}.old`);
};

/** A place and a file whose paths end alike, more so than those of any other pair with one of them. */
const findLikest = <Each extends Place>(
	places: readonly Each[],
	files: readonly Candidate[],
): readonly [Each, Candidate] | undefined => {
	const pairs = places.flatMap(place =>
		usableFor(place, files).map(file => ({
			...{place, file},
			likeness: countCommonEnd(place.path, lastName(file)),
		})),
	);
	const found = pairs.find(
		pair =>
			pair.likeness > 0 &&
			pairs.every(
				other =>
					other === pair ||
					(other.place !== pair.place && other.file !== pair.file) ||
					other.likeness < pair.likeness,
			),
	);
	return found && [found.place, found.file];
};

const countCommonEnd = (one: string, other: string): number => {
	const names = other.split(path.sep).toReversed();
	const own = one.split(path.sep).toReversed();
	const end = own.findIndex((name, index) => name !== names[index]);
	return end < 0 ? own.length : end;
};
