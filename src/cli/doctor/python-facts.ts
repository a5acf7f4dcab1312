import {askPython} from './ask-python.js';
import {findPython, type ProgramPlace} from './find-python.js';

/** A package as its own description has it. */
export type PackageFacts = {
	readonly version: string;
	/** Versions of Python that it was released for, such as `3.11`; empty where it names none. */
	readonly pythons: readonly string[];
};

/** The Python of a program, and what is installed for it. */
export type PythonFacts = {
	readonly python: string;
	/** Such as `3.11.7`. */
	readonly version: string;
	readonly packages: Readonly<Record<string, PackageFacts>>;
	/** Why `ZEO.runzeo` cannot be imported; undefined when it can. */
	readonly trouble: string | undefined;
};

/** For Python 2, too, whose answer is worth having. */
const question = `
import json, sys
def describe(name):
    try:
        from importlib.metadata import metadata
        found = metadata(name)
        lines = found.get_all("Classifier") or []
        version = found["Version"]
    except Exception:
        try:
            import pkg_resources
            version, lines = pkg_resources.get_distribution(name).version, []
        except Exception:
            return None
    head = "Programming Language :: Python :: "
    return {"version": version, "pythons": [line[len(head):] for line in lines if line.startswith(head)]}
trouble = None
try:
    import ZEO.runzeo
except BaseException as error:
    trouble = "%s: %s" % (type(error).__name__, error)
packages = dict((name, describe(name)) for name in ("ZEO", "ZODB", "zdaemon", "ZConfig"))
print(json.dumps({"version": ".".join(map(str, sys.version_info[:3])), "trouble": trouble, "packages": packages}))
`;

/** An import from a cold disk takes seconds. */
const usualLimitMs = 13_000;

/**
 * Asks the Python of a program for its packages, in the environment that the program gets. Undefined where the program
 * is not run by a Python. Rejects when it does not answer.
 */
export const readPythonFacts = async (
	words: readonly string[],
	place: ProgramPlace,
	limitMs = usualLimitMs,
): Promise<PythonFacts | undefined> => {
	const found = findPython(words, place);
	if (found === undefined) return undefined;
	const answer = await askPython(found, {directory: place.directory, question, limitMs});
	return {python: found.python, ...parseAnswer(answer)};
};

const parseAnswer = (text: string): Omit<PythonFacts, 'python'> => {
	const answer: unknown = JSON.parse(text.trim().split('\n').at(-1) ?? '');
	const fields = answer as {
		readonly version: string;
		readonly trouble: string | null;
		readonly packages: Readonly<Record<string, PackageFacts | null>>;
	};
	return {
		version: fields.version,
		trouble: fields.trouble ?? undefined,
		packages: Object.fromEntries(
			Object.entries(fields.packages).flatMap(([name, facts]) => (facts ? [[name, facts]] : [])),
		),
	};
};
