import {renderShellCommand} from '../platform/shell-word.js';
import type {CheckReport, Finding} from '../settings/check.js';
import {pathOfUrl} from '../settings/explain.js';
import {serverPlace} from '../settings/server-place.js';
import type {Item, Position} from '../zconfig/tree.js';
import {askPython} from './doctor/ask-python.js';
import {findPython} from './doctor/find-python.js';
import type {System} from './system.js';

/** Something that only the Python of a server can tell whether it has it. */
type Want = {
	readonly kind: 'package' | 'encoding';
	readonly name: string;
	readonly position: Position;
};

const question = `
import codecs, importlib.util, json, sys
def has(kind, name):
    try:
        return (importlib.util.find_spec if kind == "package" else codecs.lookup)(name) is not None
    except (ImportError, LookupError):
        return False
print(json.dumps([has(kind, name) for kind, name in json.loads(sys.argv[1])]))
`;

const limitMs = 15_000;

/**
 * What the conf of a server asks for and the Python of its program has not, as warnings: packages of `%import`,
 * encodings of logs. Empty where no Python is found, or it does not answer.
 */
export const findPythonLacks = async (
	{settings, serverTree}: Pick<CheckReport, 'settings' | 'serverTree'>,
	{environment, cwd}: Pick<System, 'environment' | 'cwd'>,
): Promise<readonly Finding[]> => {
	const wants = findWants(serverTree?.items ?? []);
	if (settings === undefined || wants.length === 0) return [];
	const {directory} = serverPlace(settings, cwd);
	const all = {...environment, ...settings.environment};
	const python = findPython(settings.runner.program, {environment: all, directory});
	if (python === undefined) return [];
	try {
		const asked = JSON.stringify(wants.map(({kind, name}) => [kind, name]));
		const answer = await askPython(python, {directory, question, words: [asked], limitMs});
		const has: unknown = JSON.parse(answer);
		return wants
			.filter((_, index) => Array.isArray(has) && has[index] === false)
			.map(want => toFinding(want, python.python));
	} catch {
		return [];
	}
};

const findWants = (items: readonly Item[]): readonly Want[] =>
	items.flatMap(item => {
		if (item.kind === 'import')
			return [{kind: 'package', name: item.packageName, position: item.position}];
		if (item.kind !== 'section') return [];
		return [
			...(item.type === 'logfile' ? findEncodings(item.items) : []),
			...findWants(item.items),
		];
	});

const findEncodings = (items: readonly Item[]): readonly Want[] =>
	items.flatMap(item =>
		item.kind === 'key' && item.key.toLowerCase() === 'encoding' && item.value
			? [{kind: 'encoding', name: item.value, position: item.position}]
			: [],
	);

const toFinding = ({kind, name, position}: Want, python: string): Finding => ({
	severity: 'warning',
	message:
		kind === 'package'
			? `the server cannot start: its Python has no package '${name}'`
			: `the server cannot start: its Python knows no encoding '${name}'`,
	file: pathOfUrl(position.url),
	line: position.line,
	hint:
		kind === 'package'
			? renderShellCommand([python, '-m', 'pip', 'install', name])
			: "write 'encoding utf-8', or delete the line, which means the same",
	text: undefined,
});
