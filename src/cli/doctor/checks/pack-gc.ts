import {nodeFileSystem} from '../../../settings/file-system.js';
import {readTree} from '../../../settings/read-configuration.js';
import type {Item, KeyNode} from '../../../zconfig/tree.js';
import {ofServer} from '../check.js';
import {type Finding, idle, orFine, warning} from '../finding.js';

/** Whether packs drop what nobody refers to any more. */
export const packGc = ofServer({
	group: 'packs',
	name: 'garbage',
	about: "packs drop objects that nobody refers to ('pack-gc')",
	run({server, environment, directory}) {
		if (server.confPath === undefined) return [idle('the server has no conf')];
		const place = {environment, cwd: directory, fileSystem: nodeFileSystem};
		return judgeGarbage(keysOf(readTree(server.confPath, place).items));
	},
});

/** What the keys of a conf say about the objects that nobody refers to. */
const judgeGarbage = (
	keys: readonly Pick<KeyNode, 'key' | 'value' | 'position'>[],
): readonly Finding[] =>
	orFine(
		keys
			.filter(({key, value}) => /^pack-gc$/i.test(key) && /^(?:no|false|off)$/i.test(value ?? ''))
			.map(({position}) =>
				warning(
					`'pack-gc' is off in line ${position.line} of ${position.url}: packs drop old revisions only`,
					{
						advice:
							'right for databases that refer to each other, which zc.zodbdgc cleans; else delete the line',
					},
				),
			),
		'they do',
	);

const keysOf = (items: readonly Item[]): readonly KeyNode[] =>
	items.flatMap(item => {
		if (item.kind === 'key') return [item];
		return item.kind === 'section' ? keysOf(item.items) : [];
	});
