import {removedKeyAdvice} from '../schema/zeo.js';
import type {Problem} from '../zconfig/errors.js';
import type {Item, KeyNode, SectionNode, Tree} from '../zconfig/tree.js';

/** Whether a conf has this problem only for ZEO 5 and later: a key of `<zeo>` that they have dropped. */
export const isRemovedKey = ({subject}: Problem): boolean =>
	subject?.kind === 'unknown-key' && removedKeyAdvice(subject.name) !== undefined;

/** The conf of a server without the keys that only ZEO 4 knows. */
export const withoutRemovedKeys = (tree: Tree): Tree => ({
	...tree,
	items: tree.items.map(item => (isZeo(item) ? {...item, items: item.items.filter(isKept)} : item)),
});

/** The database of passwords of a ZEO 4, as its conf says. */
export const authenticationDatabaseOf = ({items}: Tree): string | undefined =>
	items
		.filter(isZeo)
		.flatMap(section => section.items)
		.find((item): item is KeyNode => isKey(item, 'authentication-database'))?.value;

const isZeo = (item: Item): item is SectionNode => item.kind === 'section' && item.type === 'zeo';

const isKept = (item: Item): boolean =>
	item.kind !== 'key' || removedKeyAdvice(item.key) === undefined;

const isKey = (item: Item, name: string): boolean =>
	item.kind === 'key' && item.key.toLowerCase() === name;
