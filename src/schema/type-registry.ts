import {renderPythonString} from '../platform/python-repr.js';
import type {AnyType, Schema} from './describe.js';

/** The section types that a file knows: those of its schema, and those that its `%import` lines add. */
export class TypeRegistry {
	readonly #schema: Schema;
	readonly #makers: Map<string, () => AnyType>;
	readonly #made = new Map<string, AnyType>();
	readonly #imported: Set<string>;

	constructor(schema: Schema) {
		this.#schema = schema;
		this.#makers = new Map(Object.entries(schema.types));
		this.#imported = new Set(schema.components);
	}

	get(name: string): AnyType | undefined {
		const known = this.#made.get(name);
		if (known) return known;
		const type = this.#makers.get(name)?.();
		if (type) this.#made.set(name, type);
		return type;
	}

	names(): string[] {
		return [...this.#makers.keys()];
	}

	/** Adds the types of a package; returns ZConfig's message when that cannot be. */
	importPackage(name: string): string | undefined {
		if (this.#imported.has(name)) return undefined;
		if (name.split('.').includes(''))
			return `illegal schema component name: ${renderPythonString(name)}`;
		const make = Object.hasOwn(this.#schema.packages, name)
			? this.#schema.packages[name]
			: undefined;
		if (make === undefined) return unknownPackage(name);
		this.#imported.add(name);
		const {types, imports} = make();
		for (const other of imports) {
			const message = this.importPackage(other);
			if (message !== undefined) return message;
		}
		for (const [type, maker] of Object.entries(types)) {
			const made = maker();
			const {implements: abstract} = made.kind === 'section-type' ? made : {};
			if (abstract !== undefined && !this.#makers.has(abstract)) {
				return `unknown type name: ${renderPythonString(abstract)}`;
			}
			if (this.#makers.has(type))
				return `type name cannot be redefined: ${renderPythonString(type)}`;
			this.#makers.set(type, maker);
		}
		return undefined;
	}
}

/** Folders of packages that a Python with ZEO has. */
const knownFolders = /^(?:ZConfig|ZEO|ZODB|zc|zdaemon|zope)\./;

const unknownPackage = (name: string): string => {
	const [first = ''] = name.split('.');
	const missing = knownFolders.test(name) ? name : first;
	return [
		`could not load package ${name}: No module named ${renderPythonString(missing)}`,
		`  Package name: ${renderPythonString(name)}`,
		"  File name: 'component.xml'",
		'  Package path: None',
	].join('\n');
};
