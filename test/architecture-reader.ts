import test from 'ava';
import {readImports} from './helpers/imports.js';

const form = test.macro((t, line: string, target: string, kind: string) => {
	const text = `const before = 1;\n${line}\nconst after = "from './no.js'";\n`;
	t.deepEqual(
		readImports({file: 'cli/a.ts', text}).map(
			({from, target, kind}) => `${from} -> ${target} (${kind})`,
		),
		[`cli/a.ts -> ${target} (${kind})`],
	);
});

test('reads a default import', form, "import a from './b.js';", 'cli/b.ts', 'static');
test('reads a named import', form, "import {a} from '../x/b.js';", 'x/b.ts', 'static');
test('reads a namespace import', form, "import * as a from './b.js';", 'cli/b.ts', 'static');
test(
	'reads an import of several lines',
	form,
	"import {\n\ta,\n} from './b.js';",
	'cli/b.ts',
	'static',
);
test('reads an import for its effects', form, "import './b.js';", 'cli/b.ts', 'static');
test('reads an import named type', form, "import type from './b.js';", 'cli/b.ts', 'static');
test('reads a type import', form, "import type {a} from './b.js';", 'cli/b.ts', 'type');
test('reads a type among values', form, "import {type A, b} from './b.js';", 'cli/b.ts', 'static');
test('reads an export from elsewhere', form, "export {a} from './b.js';", 'cli/b.ts', 'static');
test('reads an export of everything', form, "export * from './b.js';", 'cli/b.ts', 'static');
test('reads a type export', form, "export type {a} from './b.js';", 'cli/b.ts', 'type');
test('reads a dynamic import', form, "\tawait import('./b.js');", 'cli/b.ts', 'dynamic');
test('reads a broken dynamic import', form, "import(\n\t'./b.js'\n);", 'cli/b.ts', 'dynamic');
test('reads a computed import', form, 'import(name);', '(computed)', 'dynamic');
test('reads the type of a module', form, "type A = typeof import('./b.js');", 'cli/b.ts', 'type');
test('reads a package', form, "import execa from 'execa';", 'execa', 'static');
test('reads a built-in module', form, "import net from 'node:net';", 'node', 'static');
