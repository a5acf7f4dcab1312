import type {Position} from '../zconfig/tree.js';
import type {Datatype} from './datatypes.js';

/** One key. Its default is text, converted like a value of the file. */
export type RequiredKey<T> = {
	readonly kind: 'key';
	readonly presence: 'required';
	readonly datatype: Datatype<T>;
};
export type DefaultKey<T> = {
	readonly kind: 'key';
	readonly presence: 'default';
	readonly datatype: Datatype<T>;
	readonly text: string;
};
export type OptionalKey<T> = {
	readonly kind: 'key';
	readonly presence: 'optional';
	readonly datatype: Datatype<T>;
};

/** A key that may be repeated; its values keep their order. */
export type Multikey<T> = {
	readonly kind: 'multikey';
	readonly isRequired: boolean;
	readonly datatype: Datatype<T>;
};

/** Keys of any name, each once. */
export type AnyKeys<T> = {
	readonly kind: 'any-keys';
	readonly isMulti: false;
	readonly datatype: Datatype<T>;
};

/** Keys of any name, which may be repeated. */
export type AnyMultikeys<T> = {
	readonly kind: 'any-keys';
	readonly isMulti: true;
	readonly datatype: Datatype<T>;
};

/** A place for one section of a type, or of any type that implements an abstract one. */
export type RequiredSection<R> = SectionPlace<R> & {
	readonly isMulti: false;
	readonly isRequired: true;
};
export type OptionalSection<R> = SectionPlace<R> & {
	readonly isMulti: false;
	readonly isRequired: false;
};
/** A place for any number of sections. */
export type Sections<R> = SectionPlace<R> & {readonly isMulti: true; readonly isRequired: boolean};

type SectionPlace<R> = {
	readonly kind: 'section';
	readonly type: Target<R>;
	/** Whether each section must have a name. */
	readonly isNamed: boolean;
	/** Whether the names need to differ from those of this place only; ZConfig compares within the container. */
	readonly hasOwnNames: boolean;
};

export type Child =
	| RequiredKey<unknown>
	| DefaultKey<unknown>
	| OptionalKey<unknown>
	| Multikey<unknown>
	| AnyKeys<unknown>
	| AnyMultikeys<unknown>
	| RequiredSection<unknown>
	| OptionalSection<unknown>
	| Sections<unknown>;

/** What may stand in a section, in the order of conversion. A key's property is its name in the file. */
export type Children = Readonly<Record<string, Child>>;

type ValueOf<C> =
	C extends RequiredKey<infer T>
		? T
		: C extends DefaultKey<infer T>
			? T
			: C extends OptionalKey<infer T>
				? T | undefined
				: C extends Multikey<infer T>
					? readonly T[]
					: C extends AnyKeys<infer T>
						? ReadonlyMap<string, T>
						: C extends AnyMultikeys<infer T>
							? ReadonlyMap<string, readonly T[]>
							: C extends RequiredSection<infer R>
								? R
								: C extends OptionalSection<infer R>
									? R | undefined
									: C extends Sections<infer R>
										? readonly R[]
										: never;

/** The values of a section, by the names of its children. */
export type ValuesOf<C extends Children> = {readonly [K in keyof C]: ValueOf<C[K]>};

/** A section that fits its type, with the places where its keys stand. */
export type SectionMatch<V> = {
	readonly type: string;
	readonly name: string | undefined;
	readonly values: V;
	/** Of the keys that are given: the place of the last value, undefined when it came by `-X`. */
	readonly positions: ReadonlyMap<string, Position | undefined>;
	readonly start: Position;
};

/** A kind of section and what becomes of it. `convert` may refuse with a ConversionError. */
export type SectionType<R> = {
	readonly kind: 'section-type';
	/** Lower case. */
	readonly name: string;
	/** Names of keys in `environment` are free and keep their case. */
	readonly hasFreeKeys: boolean;
	/** Name of the abstract type that it implements. */
	readonly implements: string | undefined;
	readonly children: Children;
	convert(match: SectionMatch<Readonly<Record<string, unknown>>>): R;
};

/** Stands for all types that implement it; what they convert to is `R`. */
export type AbstractType<R> = {
	readonly kind: 'abstract-type';
	readonly name: string;
	readonly result?: R;
};

/** A section type that is made when a section of that name shows up. */
export type LazyType<R> = {
	readonly kind: 'lazy-type';
	readonly name: string;
	readonly make: () => SectionType<R>;
};

type Target<R> = LazyType<R> | AbstractType<R>;

export type AnyType = SectionType<unknown> | AbstractType<unknown>;

/** Section types by name, made when first asked for. */
export type TypeTable = Readonly<Record<string, () => AnyType>>;

/** What a whole file may hold. */
export type Schema<C extends Children = Children> = {
	readonly children: C;
	readonly types: TypeTable;
	/** Packages whose types it has already; to `%import` them again does nothing. */
	readonly components: readonly string[];
	/** The types that `%import` of a package adds, and the packages that it imports in turn. */
	readonly packages: Readonly<Record<string, () => Package>>;
};

export type Package = {readonly types: TypeTable; readonly imports: readonly string[]};

export const requiredKey = <T>(datatype: Datatype<T>): RequiredKey<T> => ({
	kind: 'key',
	presence: 'required',
	datatype,
});

export const defaultKey = <T>(datatype: Datatype<T>, text: string): DefaultKey<T> => ({
	kind: 'key',
	presence: 'default',
	datatype,
	text,
});

export const optionalKey = <T>(datatype: Datatype<T>): OptionalKey<T> => ({
	kind: 'key',
	presence: 'optional',
	datatype,
});

export const requiredMultikey = <T>(datatype: Datatype<T>): Multikey<T> => ({
	kind: 'multikey',
	isRequired: true,
	datatype,
});

export const anyKeys = <T>(datatype: Datatype<T>): AnyKeys<T> => ({
	kind: 'any-keys',
	isMulti: false,
	datatype,
});

export const anyMultikeys = <T>(datatype: Datatype<T>): AnyMultikeys<T> => ({
	kind: 'any-keys',
	isMulti: true,
	datatype,
});

export const requiredSection = <R>(type: Target<R>): RequiredSection<R> => ({
	kind: 'section',
	type,
	isNamed: false,
	hasOwnNames: false,
	isMulti: false,
	isRequired: true,
});

export const optionalSection = <R>(type: Target<R>): OptionalSection<R> => ({
	kind: 'section',
	type,
	isNamed: false,
	hasOwnNames: false,
	isMulti: false,
	isRequired: false,
});

export const sections = <R>(
	type: Target<R>,
	options: {isRequired?: boolean; isNamed?: boolean; hasOwnNames?: boolean} = {},
): Sections<R> => ({
	kind: 'section',
	type,
	isNamed: options.isNamed ?? false,
	hasOwnNames: options.hasOwnNames ?? false,
	isMulti: true,
	isRequired: options.isRequired ?? false,
});

/** Refers to a section type without making it. */
export const lazyType = <R>(name: string, make: () => SectionType<R>): LazyType<R> => ({
	kind: 'lazy-type',
	name,
	make,
});

export const abstractType = <R>(name: string): AbstractType<R> => ({kind: 'abstract-type', name});

/** A section type; without `convert` its match is its value. */
export const sectionType = <C extends Children, R>(description: {
	readonly name: string;
	readonly children: C;
	readonly implements?: AbstractType<R>;
	readonly hasFreeKeys?: boolean;
	convert(match: SectionMatch<ValuesOf<C>>): R;
}): SectionType<R> => ({
	kind: 'section-type',
	name: description.name,
	hasFreeKeys: description.hasFreeKeys ?? false,
	implements: description.implements?.name,
	children: description.children,
	convert: description.convert as SectionType<R>['convert'],
});

/** For section types whose value is the match itself. */
export const asMatched = <V>(match: SectionMatch<V>): SectionMatch<V> => match;
