/** What the names of a template stand for. A list repeats the line that it is in, once per item; none drops it. */
export type TemplateValues = Readonly<Record<string, string | readonly string[]>>;

/**
 * Fills `{{name}}` in a template. The values are put in as they are: they have been escaped for the file's reader.
 * Throws for a name that has no value, and for a value that would break its line.
 */
export const fillTemplate = (template: string, values: TemplateValues): string =>
	template
		.split('\n')
		.flatMap(line => fillLine(line, values))
		.join('\n');

const fillLine = (line: string, values: TemplateValues): readonly string[] => {
	const list = namesIn(line)
		.map(name => [name, lookUp(name, values)] as const)
		.find((pair): pair is readonly [string, readonly string[]] => typeof pair[1] !== 'string');
	if (!list) return [fillNames(line, values)];
	const [name, items] = list;
	return items.flatMap(item => fillLine(line, {...values, [name]: item}));
};

const namesIn = (line: string): readonly string[] =>
	[...line.matchAll(/\{\{([^{}]*)\}\}/g)].map(([, name = '']) => name);

const fillNames = (line: string, values: TemplateValues): string =>
	line.replace(/\{\{([^{}]*)\}\}/g, (_, name: string) => {
		const value = String(lookUp(name, values));
		if (/[\n\r\0]/.test(value)) throw new Error(`cannot fill in '${name}': it breaks the line`);
		return value;
	});

const lookUp = (name: string, values: TemplateValues): string | readonly string[] => {
	const value = Object.hasOwn(values, name) ? values[name] : undefined;
	if (value === undefined) throw new Error(`cannot fill in '${name}': there is no such value`);
	return value;
};
