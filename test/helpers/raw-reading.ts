import {ConversionError} from '../../src/schema/conversion-error.js';
import type {AnyType, Schema, SectionMatch} from '../../src/schema/describe.js';
import {formOf, runzeoSchema, zdaemonSchema, zeoctlSchema} from '../../src/schema/forms.js';
import {matchTree} from '../../src/schema/match.js';
import {type Override, parseSpecifier} from '../../src/schema/overrides.js';
import {ownSections} from '../../src/schema/zeoctl.js';
import {type FileSystem, nodeFileSystem, surroundingsOf} from '../../src/settings/file-system.js';
import {readTree} from '../../src/settings/read-configuration.js';
import {type Problem, renderProblem} from '../../src/zconfig/errors.js';
import type {SchemaName} from './zconfig-reference.js';

export type RawQuestion = {
	readonly file: string;
	/** Content of the file, in place of what is on disk. */
	readonly bytes: Uint8Array;
	/** By the form of the file when left out. */
	readonly schema?: SchemaName;
	readonly overrides?: readonly string[];
	readonly environment: Readonly<Record<string, string | undefined>>;
	readonly cwd: string;
};

export type RawReading = {
	readonly schema: SchemaName;
	/** The file's values in the notation of the reference, undefined with problems. */
	readonly values: unknown;
	readonly problems: readonly Problem[];
	/** What would be printed. */
	readonly text: string | undefined;
};

/** Reads a configuration and keeps every value as its key converts it, so that it can be compared. */
export const readRaw = (question: RawQuestion): RawReading => {
	const {file, bytes, environment, cwd, overrides: specifiers = []} = question;
	const fileSystem: FileSystem = {
		...nodeFileSystem,
		readFile: path => (path === file ? bytes : nodeFileSystem.readFile(path)),
	};
	const tree = readTree(file, {environment, cwd, fileSystem});
	const name = question.schema ?? formOf(tree);
	const surroundings = surroundingsOf(fileSystem, environment, cwd);
	const overrides: Override[] = [];
	for (const specifier of specifiers) {
		const override = parseSpecifier(specifier);
		if ('message' in override) throw new Error(override.message);
		overrides.push(override);
	}
	const schema = keepingMatches(schemas[name]());
	const {values, problems} = matchTree({tree, schema, surroundings, overrides});
	const [first] = problems;
	return {
		schema: name,
		values: values && dumpValues(values, schema),
		problems,
		text: first && renderProblem(first),
	};
};

const schemas: Readonly<Record<SchemaName, () => Schema>> = {
	zdaemon: zdaemonSchema,
	zeoctl: zeoctlSchema,
	runzeo: runzeoSchema,
};

/** The same schema, in which a section's value is its match; what refuses still refuses. */
const keepingMatches = (schema: Schema): Schema => ({
	...schema,
	types: mapTypes(schema.types),
	packages: Object.fromEntries(
		Object.entries(schema.packages).map(([name, make]) => [
			name,
			() => ({...make(), types: mapTypes(make().types)}),
		]),
	),
});

const mapTypes = (types: Schema['types']): Schema['types'] =>
	Object.fromEntries(Object.entries(types).map(([name, make]) => [name, () => keepMatch(make())]));

const keepMatch = (type: AnyType): AnyType =>
	type.kind === 'abstract-type'
		? type
		: {
				...type,
				convert(match) {
					tryOut(type, match);
					return match;
				},
			};

const handlers = ['logfile', 'syslog', 'http-logger', 'email-notifier', 'win32-eventlog'];

/** Only log handlers refuse; other conversions may expect converted sections inside. */
const tryOut = (
	type: Extract<AnyType, {kind: 'section-type'}>,
	match: SectionMatch<Readonly<Record<string, unknown>>>,
): void => {
	if (!handlers.includes(type.name)) return;
	try {
		type.convert(match);
	} catch (error) {
		if (error instanceof ConversionError) throw error;
		throw new Error(`${type.name} threw something else`, {cause: error});
	}
};

const dumpValues = (values: object, schema: Pick<Schema, 'children'>): unknown =>
	Object.fromEntries(
		Object.entries(values)
			.filter(
				([name]) => Object.hasOwn(schema.children, name) && !Object.hasOwn(ownSections(), name),
			)
			.map(([name, value]) => [name, dump(value)]),
	);

/** The notation of `test/fixtures/reference/zconfig.py`. */
const dump = (value: unknown): unknown => {
	if (value === undefined || value === null) return null;
	if (typeof value === 'number') return {number: String(value)};
	if (Array.isArray(value)) return value.map(dump);
	if (value instanceof Map) {
		return {keys: [...value].map(([name, inner]) => [name, dump(inner)])};
	}
	if (typeof value !== 'object') return value;
	if ('positions' in value && 'values' in value) {
		const {type, name, values} = value as SectionMatch<Record<string, unknown>>;
		return {type, name: name ?? null, values: dumpValuesOf(values)};
	}
	return dumpValuesOf(value as Record<string, unknown>);
};

const dumpValuesOf = (values: Readonly<Record<string, unknown>>): unknown =>
	Object.fromEntries(Object.entries(values).map(([name, value]) => [name, dump(value)]));
