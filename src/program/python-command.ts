import path from 'node:path';
import {renderShellCommand} from '../platform/shell-word.js';

/** The Python beside a script of its environment, else whatever is on the PATH. */
export const findPython = ([program = '']: readonly string[]): string =>
	path.isAbsolute(program) ? path.join(path.dirname(program), 'python') : 'python3';

/** Names of packages that are not those of their modules. */
const packages: ReadonlyMap<string, string> = new Map([
	['relstorage', 'RelStorage'],
	['psycopg2', 'psycopg2-binary'],
	['MySQLdb', 'mysqlclient'],
]);

/** The command that installs a module where the program looks for it. */
export const renderInstall = (module: string, argv: readonly string[]): string =>
	renderShellCommand([findPython(argv), '-m', 'pip', 'install', packages.get(module) ?? module]);
