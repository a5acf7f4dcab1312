// Makes the tables of README.md anew from the program; run it after a build. test/documentation.ts tells when.
import {readFile, writeFile} from 'node:fs/promises';
import path from 'node:path';
import {root} from './ready.mjs';

const helpers = path.join(root, 'build/test/helpers');
const {withTables} = await import(path.join(helpers, 'readme.js'));
const {renderTables} = await import(path.join(helpers, 'readme-tables.js'));

const file = path.join(root, 'README.md');
const text = await readFile(file, 'utf8');
await writeFile(file, withTables(text, await renderTables()));
