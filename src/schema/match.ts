import {renderPythonString} from '../platform/python-repr.js';
import type {Problem} from '../zconfig/errors.js';
import type {Item, Position, SectionNode, Tree} from '../zconfig/tree.js';
import type {Surroundings} from './datatypes.js';
import type {Children, Schema, ValuesOf} from './describe.js';
import {finishSection} from './finish-section.js';
import {addProblem, type Frame, newFrame, type Run, report, type SectionEntry} from './frame.js';
import {type Override, OverrideBag} from './overrides.js';
import {addKey, foldedKey} from './section-keys.js';
import {findPlace} from './section-place.js';
import {TypeRegistry} from './type-registry.js';

export type MatchOptions<C extends Children> = {
	readonly tree: Tree;
	readonly schema: Schema<C>;
	readonly surroundings: Surroundings;
	/** Values given by `-X`, which replace those of the file. */
	readonly overrides?: readonly Override[];
};

export type MatchResult<C extends Children> = {
	/** Undefined when there are problems. */
	readonly values: ValuesOf<C> | undefined;
	/** All problems; the first is the one at which ZConfig would have stopped. */
	readonly problems: readonly Problem[];
};

/** Compares a tree with a schema, in the order in which ZConfig does it. Nesting costs no stack. */
export const matchTree = <C extends Children>(options: MatchOptions<C>): MatchResult<C> => {
	const {tree, schema, surroundings, overrides = []} = options;
	const run: Run = {
		surroundings,
		registry: new TypeRegistry(schema),
		problems: [],
		frames: [],
		nextId: 1,
	};
	const bag = overrides.length > 0 ? new OverrideBag(overrides, false) : undefined;
	const root = newFrame({
		id: 0,
		items: tree.items,
		node: undefined,
		type: undefined,
		children: schema.children,
		place: '',
		bag,
		end: {url: tree.url, line: undefined},
		endStyle: 'none',
	});
	run.frames.push(root);
	for (let frame = run.frames.at(-1); frame; frame = run.frames.at(-1)) {
		const item = frame.items[frame.next++];
		if (item) visit(run, frame, item);
		else if (frame === root) run.frames.pop();
		else leave(run, frame);
	}
	const values = finishSection(run, root);
	return {
		values: run.problems.length === 0 ? (values as ValuesOf<C>) : undefined,
		problems: run.problems,
	};
};

const visit = (run: Run, frame: Frame, item: Item): void => {
	switch (item.kind) {
		case 'key':
			if (!frame.bag?.has(foldedKey(frame, item.key))) addKey(run, frame, item);
			return;
		case 'section':
			enter(run, frame, item);
			return;
		case 'import': {
			const message = run.registry.importPackage(item.packageName);
			if (message !== undefined) report(run, frame, message, 'none', item.position);
			return;
		}
		case 'problem':
			addProblem(run, frame, item.problem);
			return;
	}
};

const enter = (run: Run, frame: Frame, node: SectionNode): void => {
	const place = findPlace(run, frame, node);
	if (typeof place === 'string') {
		const sectionType = run.registry.get(node.type);
		if (sectionType?.kind !== 'section-type') return;
		const bag = frame.bag?.take(node.type, node.name, sectionType.hasFreeKeys);
		run.frames.push(
			newFrame({
				id: run.nextId++,
				items: node.items,
				node,
				type: sectionType,
				children: sectionType.children,
				place,
				bag,
				end: node.end,
				endStyle: node.isEmpty ? 'none' : 'structure',
			}),
		);
		return;
	}
	report(run, frame, place.message, 'structure', node.start, place.subject);
	if (place.meant !== undefined && !frame.sections.has(place.meant)) {
		frame.sections.set(place.meant, []);
	}
	reportNested(run, frame, node);
};

/** Mistakes of syntax in a section that is skipped. */
const reportNested = (run: Run, frame: Frame, node: SectionNode): void => {
	const nodes: SectionNode[] = [node];
	for (let inner = nodes.pop(); inner; inner = nodes.pop()) {
		for (const item of inner.items) {
			if (item.kind === 'problem') addProblem(run, frame, item.problem);
			else if (item.kind === 'section') nodes.push(item);
		}
	}
};

const leave = (run: Run, frame: Frame): void => {
	run.frames.pop();
	const parent = run.frames.at(-1);
	const {node, type} = frame;
	if (!parent || !node || !type) return;
	const values = finishSection(run, frame);
	const match = {
		type: node.type,
		name: node.name,
		values,
		positions: keyPositions(frame),
		start: node.start,
	};
	if (frame.hasProblems) parent.hasProblems = true;
	addSection(run, parent, frame, node, {
		type,
		match: frame.hasProblems ? undefined : match,
		end: node.end,
	});
};

const keyPositions = (frame: Frame): ReadonlyMap<string, Position | undefined> =>
	new Map([...frame.keys].map(([name, entries]) => [name, entries.at(-1)?.position]));

const addSection = (
	run: Run,
	parent: Frame,
	frame: Frame,
	node: SectionNode,
	entry: SectionEntry,
): void => {
	const {end, endStyle} = frame;
	const child = parent.children[frame.place];
	if (child?.kind !== 'section') return;
	if (node.name !== undefined) {
		const scope = child.hasOwnNames ? `${frame.place} ${node.name}` : node.name;
		if (parent.names.has(scope)) {
			const message = `section names must not be re-used within the same container:${renderPythonString(node.name)}`;
			report(run, parent, message, endStyle, end);
			return;
		}
		parent.names.add(scope);
	}
	const entries = parent.sections.get(frame.place);
	if (entries === undefined) parent.sections.set(frame.place, [entry]);
	else if (child.isMulti) entries.push(entry);
	else {
		const message = `too many instances of ${renderPythonString(child.type.name)} section`;
		report(run, parent, message, endStyle, end);
	}
};
